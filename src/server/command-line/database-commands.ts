import type { DatabaseCommand } from './command.ts';
import { provisionCommand } from './commands/provision.ts';

/** The commands that need the database, in the order of the help. The control socket runs these. */
export const databaseCommands: readonly DatabaseCommand[] = [provisionCommand];
