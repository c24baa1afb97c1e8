import { RtcDeskError } from '../../protocol/errors.ts';
import { deriveKey } from './derive-key.ts';
import { signOwnToken, verifyOwnToken } from './own-token.ts';

/** Whom a token lets into one room. */
export interface RoomGuest {
  readonly room: number;
  /** The guest's id with whoever asked; the same again is the same person. */
  readonly subject: string;
  readonly name: string;
  /** Whether a backend with a key vouches for the name; false where the guest typed it. */
  readonly verified: boolean;
}

const AUDIENCE = 'rtc-desk-room';

export function issueRoomToken(
  key: Uint8Array,
  { room, subject, name, verified, seconds }: RoomGuest & { readonly seconds: number },
): string {
  const claims = { room, sub: subject, name, verified };
  return signOwnToken(deriveKey(key, 'room-token'), AUDIENCE, claims, Date.now() + seconds * 1000);
}

/** Rejects with `unauthorized`. */
export async function verifyRoomToken(key: Uint8Array, token: string): Promise<RoomGuest> {
  const claims = await verifyOwnToken(deriveKey(key, 'room-token'), AUDIENCE, token);
  const { room, sub, name, verified } = claims;
  if (typeof room !== 'number' || typeof sub !== 'string' || typeof name !== 'string') {
    throw new RtcDeskError('unauthorized', 'The token opens no room.');
  }
  return { room, subject: sub, name, verified: verified === true };
}
