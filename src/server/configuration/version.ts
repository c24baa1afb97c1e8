import { createHash } from 'node:crypto';
import { RestError } from '../../protocol/rest/rest-error.ts';

/** Stands for every version. */
export const ANY_VERSION = '*';

/** A short text that differs as soon as the value does. */
export function versionOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 22);
}

/** Throws `precondition-failed` if the value is not the one of which the caller has read the version. */
export function requireVersion(value: unknown, version: string): void {
  if (version === ANY_VERSION || version === versionOf(value)) return;
  throw new RestError(
    'precondition-failed',
    'Somebody else has changed it since you read it. Nothing was written.',
  );
}
