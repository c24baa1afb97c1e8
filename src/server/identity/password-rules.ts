import { dictionary } from '@zxcvbn-ts/language-common';
import { RtcDeskError } from '../../protocol/errors.ts';

const MIN_LENGTH = 10;
/** The list is sorted: the commonest first. */
const COMMONEST = 10_000;

/** Only those that are long enough: the others are refused for their length. */
const common: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].slice(0, COMMONEST).filter(({ length }) => length >= MIN_LENGTH),
);

/** Why a password may not be chosen; null: it may. The demo's passwords are not asked. */
export function passwordFault(password: string): string | null {
  if ([...password.normalize('NFC')].length < MIN_LENGTH) {
    return `must have at least ${MIN_LENGTH} characters`;
  }
  if (common.has(password.toLowerCase())) {
    return `is one of the ${COMMONEST.toLocaleString('en')} commonest passwords`;
  }
  return null;
}

/** Throws `password-refused`. */
export function requireGoodPassword(password: string): void {
  const fault = passwordFault(password);
  if (fault !== null) throw new RtcDeskError('password-refused', `The password ${fault}.`);
}
