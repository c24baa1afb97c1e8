import { RtcDeskError } from '../../protocol/errors.ts';
import { deriveKey } from './derive-key.ts';
import { signOwnToken, verifyOwnToken } from './own-token.ts';

/** Whom a chat token lets read and upload a room's pictures. Whether the participant is still there, the database says. */
export interface ChatBearer {
  readonly room: number;
  readonly participant: string;
}

const AUDIENCE = 'rtc-desk-chat';

/** `expiresAt` in ms since 1970. */
export function issueChatToken(
  key: Uint8Array,
  { room, participant, expiresAt }: ChatBearer & { readonly expiresAt: number },
): Promise<string> {
  const claims = { room, sub: participant };
  return signOwnToken(deriveKey(key, 'chat-token'), AUDIENCE, claims, expiresAt);
}

/** Rejects with `unauthorized`. */
export async function verifyChatToken(key: Uint8Array, token: string): Promise<ChatBearer> {
  const { room, sub } = await verifyOwnToken(deriveKey(key, 'chat-token'), AUDIENCE, token);
  if (typeof room !== 'number' || typeof sub !== 'string') {
    throw new RtcDeskError('unauthorized', 'The token is not for a conversation.');
  }
  return { room, participant: sub };
}
