import { RtcDeskError } from '../../protocol/errors.ts';
import { deriveKey } from './derive-key.ts';
import { signOwnToken, verifyOwnToken } from './own-token.ts';

/** Whom a room token lets into which room. */
export interface RoomGuest {
  readonly room: number;
  /** The site's own id of the guest. The same id is the same person. */
  readonly subject: string;
  readonly name: string;
  /** Whether the site's backend vouches for the name. False if the guest typed it. */
  readonly verified: boolean;
}

const AUDIENCE = 'rtc-desk-room';

export function issueRoomToken(
  key: Uint8Array,
  { room, subject, name, verified, seconds }: RoomGuest & { readonly seconds: number },
): Promise<string> {
  const claims = { room, sub: subject, name, verified };
  return signOwnToken(deriveKey(key, 'room-token'), AUDIENCE, claims, Date.now() + seconds * 1000);
}

/** Rejects with `unauthorized`. */
export async function verifyRoomToken(key: Uint8Array, token: string): Promise<RoomGuest> {
  const claims = await verifyOwnToken(deriveKey(key, 'room-token'), AUDIENCE, token);
  const { room, sub, name, verified } = claims;
  if (typeof room !== 'number' || typeof sub !== 'string' || typeof name !== 'string') {
    throw new RtcDeskError('unauthorized', 'The token is not for a room.');
  }
  return { room, subject: sub, name, verified: verified === true };
}
