import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { SignJWT } from 'jose';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { issueChatToken, verifyChatToken } from '../../../src/server/identity/chat-token.ts';
import { issueRoomToken, verifyRoomToken } from '../../../src/server/identity/room-token.ts';

const key = randomBytes(32);
const unauthorized = (error: unknown) =>
  error instanceof RtcDeskError && error.code === 'unauthorized';
const guest = { room: 7, subject: 'g-1', name: 'Ada', verified: true };
const bearer = { room: 7, participant: 'p-1' };

describe('the server’s own tokens', () => {
  it('carry what was put into them', async () => {
    const room = await issueRoomToken(key, { ...guest, seconds: 60 });
    assert.deepEqual(await verifyRoomToken(key, room), guest);
    const typed = { ...guest, verified: false };
    const own = await issueRoomToken(key, { ...typed, seconds: 60 });
    assert.deepEqual(await verifyRoomToken(key, own), typed);
    const chat = await issueChatToken(key, { ...bearer, expiresAt: Date.now() + 60_000 });
    assert.deepEqual(await verifyChatToken(key, chat), bearer);
  });

  it('are refused after their expiry', async () => {
    const room = await issueRoomToken(key, { ...guest, seconds: -5 });
    await assert.rejects(verifyRoomToken(key, room), unauthorized);
    const chat = await issueChatToken(key, { ...bearer, expiresAt: Date.now() - 5_000 });
    await assert.rejects(verifyChatToken(key, chat), unauthorized);
  });

  it('of one kind are refused as another kind', async () => {
    const room = await issueRoomToken(key, { ...guest, seconds: 60 });
    const chat = await issueChatToken(key, { ...bearer, expiresAt: Date.now() + 60_000 });
    await assert.rejects(verifyChatToken(key, room), unauthorized);
    await assert.rejects(verifyRoomToken(key, chat), unauthorized);
  });

  it('are refused if changed, made with another key, or signed with the underived key', async () => {
    const chat = await issueChatToken(key, { ...bearer, expiresAt: Date.now() + 60_000 });
    await assert.rejects(verifyChatToken(randomBytes(32), chat), unauthorized);
    await assert.rejects(verifyChatToken(key, `${chat.slice(0, -2)}AA`), unauthorized);
    const forged = await new SignJWT({ room: 7, sub: 'p-1' })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('rtc-desk-chat')
      .setExpirationTime('1h')
      .sign(key);
    await assert.rejects(verifyChatToken(key, forged), unauthorized);
  });
});
