import { resolve } from 'node:path';
import type { LocalCommand } from '../command.ts';
import { readPassphrase } from '../passphrase.ts';

/** Restores a backup into an empty data directory. No server may run there. */
export const restoreCommand: LocalCommand = {
  runsIn: 'this-process',
  name: 'restore',
  parameters: ['FILE'],
  help: [
    'Restores a backup into the data directory, which must be empty.',
    'RTC_DESK_BACKUP_PASSPHRASE decrypts it.',
  ],
  run: async ({ parameters: [file = ''], settings: { dataDir } }) => {
    const { restoreBackup } = await import('../../backup/restore-backup.ts');
    const { manifest, hasSecretFile } = await restoreBackup({
      file: resolve(file),
      passphrase: readPassphrase(process.env),
      dataDir,
    });
    const lines = [`Restored into ${dataDir}, as it was at ${manifest.createdAt}.`];
    if (hasSecretFile) {
      lines.push(
        `Set RTC_DESK_SECRET to the text of ${dataDir}/RTC_DESK_SECRET, then remove that file.`,
      );
    }
    if (manifest.database === 'external') {
      lines.push('The database is not in this backup: restore it with pg_restore.');
    }
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};
