import { createHmac } from 'node:crypto';
import type { IceServer } from '../../protocol/views.ts';
import type { TurnSettings } from '../settings/settings.ts';

/**
 * The ICE servers for one participant. There are none by default: two browsers on one machine or network need none,
 * and a public STUN server would learn of every call. Credentials are time-limited as in the TURN REST
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
