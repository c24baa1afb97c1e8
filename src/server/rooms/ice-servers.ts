import { createHmac } from 'node:crypto';
import type { IceServer } from '../../protocol/views.ts';

/** The relays of this installation, and the secret that they share with it. */
export interface TurnSettings {
  /** `turn:`, `turns:` and `stun:` addresses. */
  readonly urls: readonly string[];
  readonly secret: string;
}

/**
 * The ICE servers for one join. None by default: two browsers on one machine or network need none, and
 * a public STUN server would be told of every call. Credentials are time-limited as in the TURN REST
 * API that coturn's `use-auth-secret` implements (draft-uberti-behave-turn-rest-00, 2.2): the username is
 * `expiry:participant`, expiry in seconds since 1970, the password its HMAC-SHA1 in base64.
 */
export function iceServers(
  turn: TurnSettings | null,
  participant: string,
  expiresAt: number,
): IceServer[] {
  if (!turn) return [];
  const stun = turn.urls.filter((url) => /^stuns?:/i.test(url));
  const relays = turn.urls.filter((url) => !/^stuns?:/i.test(url));
  const username = `${Math.floor(expiresAt / 1000)}:${participant}`;
  const credential = createHmac('sha1', turn.secret).update(username).digest('base64');
  return [
    ...(stun.length > 0 ? [{ urls: stun }] : []),
    ...(relays.length > 0 ? [{ urls: relays, username, credential }] : []),
  ];
}
