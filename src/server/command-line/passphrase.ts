import { CommandError } from './command.ts';

const VARIABLE = 'RTC_DESK_BACKUP_PASSPHRASE';
const MIN_CHARACTERS = 12;

/**
 * The passphrase of backups; null: they are not encrypted. It is read from the environment, because other users see the
 * arguments of a process. Throws a CommandError.
 */
export function readPassphrase(environment: NodeJS.ProcessEnv): string | null {
  const passphrase = environment[VARIABLE] ?? '';
  if (passphrase === '') return null;
  if (passphrase.length >= MIN_CHARACTERS) return passphrase;
  throw new CommandError(`${VARIABLE} must have at least ${MIN_CHARACTERS} characters.`);
}
