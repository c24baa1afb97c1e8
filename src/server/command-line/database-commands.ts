import type { DatabaseCommand } from './command.ts';
import { backupCommand } from './commands/backup.ts';
import { eraseCommand } from './commands/erase.ts';
import { provisionCommand } from './commands/provision.ts';
import { resetPasswordCommand } from './commands/reset-password.ts';
import { rotateSecretCommand } from './commands/rotate-secret.ts';
import { verifyAuditCommand } from './commands/verify-audit.ts';

/** The commands that need the database, in the order of the help. The control socket runs these. */
export const databaseCommands: readonly DatabaseCommand[] = [
  provisionCommand,
  rotateSecretCommand,
  resetPasswordCommand,
  verifyAuditCommand,
  eraseCommand,
  backupCommand,
];
