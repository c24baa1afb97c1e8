import { resolve } from 'node:path';
import { Type } from '@sinclair/typebox';
import { closed, Nullable } from '../../../protocol/schema.ts';
import { writeBackup } from '../../backup/write-backup.ts';
import { databaseCommand } from '../command.ts';
import { packageVersion } from '../package-folder.ts';
import { readPassphrase } from '../passphrase.ts';

/** Writes a backup, also while the server runs. */
export const backupCommand = databaseCommand({
  name: 'backup',
  parameters: ['FILE'],
  help: [
    'Writes the embedded database, the signing key and the files to FILE, also while the server runs.',
    'RTC_DESK_BACKUP_PASSPHRASE encrypts it. With DATABASE_URL the database itself is not in it.',
  ],
  request: closed({ file: Type.String(), passphrase: Nullable(Type.String()) }),
  read: async ({ parameters: [file = ''] }) => ({
    file: resolve(file),
    passphrase: readPassphrase(process.env),
  }),
  run: async ({ database, settings }, order) => {
    const source = { database, settings, version: packageVersion };
    const { database: kind } = await writeBackup(source, order);
    const lines = [`Written to ${order.file}.`];
    if (order.passphrase === null) {
      lines.push(
        'It is not encrypted and contains the signing key: keep it where nobody else can read it.',
      );
    }
    if (kind === 'external') {
      lines.push(
        'It contains the signing key and the files. Back up the database itself with pg_dump.',
      );
    }
    return `${lines.join('\n')}\n`;
  },
});
