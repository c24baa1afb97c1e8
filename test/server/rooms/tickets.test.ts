import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { verifyChatToken } from '../../../src/server/identity/chat-token.ts';
import { participantId } from '../../../src/server/rooms/participant-id.ts';
import { Tickets, type TicketHolder } from '../../../src/server/rooms/tickets.ts';
import { openSignature } from '../../support/open-signature.ts';
import { TEST_TRTC as trtc } from '../../support/test-trtc.ts';

const key = new Uint8Array(32).fill(1);
const HOUR = 60 * 60 * 1000;
const issuedAt = Math.floor(Date.now() / 1000) * 1000;
const holder: TicketHolder = {
  participant: 'p-1',
  room: 42,
  role: 'visitor',
  name: 'Mei',
  issuedAt,
  provider: 'mesh',
  permissions: { speak: true, show: true, hidden: false },
  profiles: { computer: 'standard', phone: 'standard' },
  captions: null,
};

test('a ticket names the room, the participant and the person, and its chat token opens nothing else', async () => {
  const ticket = await new Tickets({ key, turn: null }).make(holder, issuedAt);
  assert.deepEqual(
    [ticket.room, ticket.participant, ticket.name, ticket.role],
    [42, 'p-1', 'Mei', 'visitor'],
  );
  assert.deepEqual(ticket.media, { provider: 'mesh', iceServers: [] });
  const bearer = await verifyChatToken(key, ticket.chat.token);
  assert.deepEqual([bearer.room, bearer.participant], [42, 'p-1']);
  await assert.rejects(verifyChatToken(new Uint8Array(32).fill(2), ticket.chat.token));
});

test('a ticket has the numbers of the site’s media profiles, and none where both are the standard', async () => {
  const tickets = new Tickets({ key, turn: null });
  assert.equal((await tickets.make(holder, issuedAt)).video, undefined);
  const own = { height: 480, frameRate: 10, bitrate: 700, prefer: 'motion' } as const;
  const profiles = { computer: own, phone: 'detail' } as const;
  // The site has changed its settings meanwhile.
  const { video } = await tickets.make({ ...holder, profiles }, issuedAt);
  assert.deepEqual(video, {
    computer: own,
    phone: { height: 1_080, frameRate: 15, bitrate: 2_500, prefer: 'sharpness' },
  });
});

test('the cloud writes captions where the site says so and the media run on TRTC', async () => {
  const tickets = new Tickets({ key, turn: null, trtc });
  const settings = { mode: 'shown', languages: ['zh-CN'], by: 'cloud', translate: true } as const;
  const made = async (captions: TicketHolder['captions'], provider: TicketHolder['provider']) =>
    (await tickets.make({ ...holder, captions, provider }, issuedAt)).captions;
  const plain = { kept: false, languages: ['zh-CN'] };
  assert.deepEqual(await made(settings, 'trtc'), { ...plain, cloud: { translate: true } });
  assert.deepEqual(await made({ ...settings, translate: false }, 'trtc'), {
    ...plain,
    cloud: { translate: false },
  });
  // The room fell back to the built-in media.
  assert.deepEqual(await made(settings, 'mesh'), plain);
  assert.deepEqual(await made({ ...settings, by: 'browser' }, 'trtc'), plain);
  assert.equal(await made({ ...settings, mode: 'off' }, 'trtc'), undefined);
});

test('every node makes the same ticket for a participant, until the next is due', async () => {
  const [one, other] = [new Tickets({ key, turn: null }), new Tickets({ key, turn: null })];
  const first = await one.make(holder, issuedAt);
  assert.deepEqual(await other.make(holder, issuedAt + 2 * HOUR - 1), first);
  assert.deepEqual(await one.make(holder, issuedAt + 1_000), first);
});

test('a ticket is renewed long before it expires', async () => {
  const tickets = new Tickets({ key, turn: null });
  for (const age of [0, HOUR, 2 * HOUR - 1, 2 * HOUR, 3 * HOUR, 25 * HOUR]) {
    const { expiresAt } = await tickets.make(holder, issuedAt + age);
    const left = expiresAt - (issuedAt + age);
    assert.ok(left > 2 * HOUR - 1 && left <= 4 * HOUR, `${left / HOUR} h left`);
  }
});

test('TURN credentials are for a limited time and one participant, and never hold the secret', async () => {
  const secret = 'turn-secret';
  const urls = [
    'stun:turn.example.com',
    'turn:turn.example.com?transport=udp',
    'turns:turn.example.com',
  ];
  const ticket = await new Tickets({ key, turn: { urls, secret } }).make(holder, issuedAt);
  assert.ok(ticket.media.provider === 'mesh');
  const [stun, turn] = ticket.media.iceServers;
  assert.deepEqual(stun, { urls: ['stun:turn.example.com'] });
  assert.deepEqual(turn?.urls, urls.slice(1));
  const username = `${Math.floor(ticket.expiresAt / 1000)}:p-1`;
  assert.equal(turn?.username, username);
  assert.equal(turn?.credential, createHmac('sha1', secret).update(username).digest('base64'));
  assert.doesNotMatch(JSON.stringify(ticket), /turn-secret/);
});

const near = (time: number, wanted: number) =>
  assert.ok(Math.abs(time - wanted) <= 5 * 60_000, `${time} is not near ${wanted}`);

test('TRTC’s signatures are bound to the participant and the room, and live as long as the ticket', async () => {
  const tickets = new Tickets({ key, turn: null, trtc });
  const room = 2_147_483_647;
  for (const [role, bits] of [
    ['visitor', 254],
    ['agent', 255],
    ['guest', 255],
  ] as const) {
    const asked = { ...holder, participant: `a_${role}-Z9`, role, room, provider: 'trtc' as const };
    const { media, chat, expiresAt } = await tickets.make(asked, Date.now());
    assert.ok(media.provider === 'trtc' && chat.provider === 'tim');
    assert.deepEqual([media.sdkAppId, chat.sdkAppId], [trtc.sdkAppId, trtc.sdkAppId]);
    for (const userSig of [media.userSig, chat.userSig]) {
      const opened = openSignature(userSig, trtc.secretKey);
      assert.deepEqual([opened.user, opened.app], [asked.participant, trtc.sdkAppId]);
      assert.equal(opened.map, null);
      near(opened.expiresAt, expiresAt);
    }
    const { user, map } = openSignature(media.privateMapKey, trtc.secretKey);
    assert.ok(map);
    assert.deepEqual(
      [user, map.user, map.app],
      [asked.participant, asked.participant, trtc.sdkAppId],
    );
    assert.deepEqual([map.room, map.bits], [room, bits]);
    near(map.expiresAt, expiresAt);
  }
});

test('a ticket of a long call is signed again, and a renewal is signed at once', async () => {
  const tickets = new Tickets({ key, turn: null, trtc });
  const asked = { ...holder, provider: 'trtc' as const };
  const first = await tickets.make(asked, issuedAt);
  assert.equal(await tickets.make(asked, issuedAt + 2 * HOUR - 1), first);
  const second = await tickets.make(asked, issuedAt + 2 * HOUR);
  assert.equal(second.expiresAt, first.expiresAt + 2 * HOUR);
  const renewed = await tickets.renew(asked, issuedAt + HOUR);
  assert.equal(renewed.expiresAt, issuedAt + 5 * HOUR);
});

test('a room that falls back has another ticket for the same participant', async () => {
  const tickets = new Tickets({ key, turn: null, trtc });
  const before = await tickets.make({ ...holder, provider: 'trtc' }, issuedAt);
  const after = await tickets.make(holder, issuedAt);
  assert.deepEqual([before.media.provider, after.media.provider], ['trtc', 'mesh']);
  assert.equal(after.participant, before.participant);
});

test('a participant who may only listen gets no key to send with, and a hidden one cannot open a room', async () => {
  const tickets = new Tickets({ key, turn: null, trtc });
  for (const [permissions, bits] of [
    // Join and receive.
    [{ speak: false, show: false, hidden: true }, 2 + 8 + 32 + 128],
    [{ speak: true, show: false, hidden: true }, 2 + 4 + 8 + 32 + 128],
    [{ speak: false, show: true, hidden: false }, 1 + 2 + 8 + 16 + 32 + 64 + 128],
  ] as const) {
    const agent = { ...holder, role: 'agent', provider: 'trtc', permissions } as const;
    const ticket = await tickets.make(agent, Date.now());
    assert.ok(ticket.media.provider === 'trtc');
    assert.equal(openSignature(ticket.media.privateMapKey, trtc.secretKey).map?.bits, bits);
    assert.deepEqual(ticket.permissions, permissions);
  }
});

test('a participant’s id is new each time, and follows TRTC’s rules for user ids', () => {
  const ids = Array.from({ length: 1000 }, participantId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{1,32}$/);
});
