import type { DatabaseCommand } from './command.ts';
import { backupCommand } from './commands/backup.ts';
import { eraseCommand } from './commands/erase.ts';
import { provisionCommand } from './commands/provision.ts';

/** The commands that need the database, in the order of the help. The control socket runs these. */
export const databaseCommands: readonly DatabaseCommand[] = [
  provisionCommand,
  eraseCommand,
  backupCommand,
];
