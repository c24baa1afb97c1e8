import type { Command } from './command.ts';
import { restoreCommand } from './commands/restore.ts';
import { serveCommand } from './commands/serve.ts';
import { verifyCaseCommand } from './commands/verify-case.ts';
import { databaseCommands } from './database-commands.ts';

/** Every command of `rtc-desk`, in the order of the help. */
export const commands: readonly Command[] = [
  serveCommand,
  ...databaseCommands,
  restoreCommand,
  verifyCaseCommand,
];
