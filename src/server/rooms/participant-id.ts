import { randomBytes } from 'node:crypto';

/** 22 characters, within TRTC's rules for user ids (at most 32 of `[A-Za-z0-9_-]`). */
export function participantId(): string {
  return randomBytes(16).toString('base64url');
}
