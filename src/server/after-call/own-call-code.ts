import { expiringCode, readExpiringCode } from '../identity/expiring-code.ts';

type Purpose =
  /** The page `/my-call`. */
  | 'own-call'
  /** One download, or the pictures of a conversation: such a code stands in an address, and lives for minutes. */
  | 'own-call-file'
  /** The page `/test/<site>`, whose report goes to a call that lives. */
  | 'device-test';

/**
 * The code with which a visitor comes back to what is kept of a call: the call's id, and the time until which the code
 * counts.
 */
export const ownCallCode = (
  key: Uint8Array,
  purpose: Purpose,
  callId: string,
  expiresAt: number,
): string => expiringCode(key, purpose, callId, expiresAt);

/** The id of the call that the code opens at the time `now`. Null for another text, and for a code that has expired. */
export const readOwnCallCode = (
  key: Uint8Array,
  purpose: Purpose,
  code: string,
  now: number,
): string | null => readExpiringCode(key, purpose, code, now);
