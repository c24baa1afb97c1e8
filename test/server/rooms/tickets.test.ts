import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { verifyChatToken } from '../../../src/server/identity/chat-token.ts';
import { Tickets, type Join } from '../../../src/server/rooms/tickets.ts';

const key = new Uint8Array(32).fill(1);
const HOUR = 60 * 60 * 1000;
const issuedAt = Math.floor(Date.now() / 1000) * 1000;
const join: Join = {
  participant: 'p-1',
  room: 42,
  role: 'visitor',
  name: 'Mei',
  issuedAt,
  provider: 'peer',
};

test('a ticket names the room, the join and the person, and its chat token opens only that', async () => {
  const ticket = await new Tickets({ key, turn: null }).make(join, issuedAt);
  assert.deepEqual(
    [ticket.room, ticket.participant, ticket.name, ticket.role],
    [42, 'p-1', 'Mei', 'visitor'],
  );
  assert.deepEqual(ticket.media, { provider: 'peer', iceServers: [] });
  const bearer = await verifyChatToken(key, ticket.chat.token);
  assert.deepEqual([bearer.room, bearer.participant], [42, 'p-1']);
  await assert.rejects(verifyChatToken(new Uint8Array(32).fill(2), ticket.chat.token));
});

test('every node makes the same ticket for a join, until the next is due', async () => {
  const [one, other] = [new Tickets({ key, turn: null }), new Tickets({ key, turn: null })];
  const first = await one.make(join, issuedAt);
  assert.deepEqual(await other.make(join, issuedAt + 2 * HOUR - 1), first);
  assert.deepEqual(await one.make(join, issuedAt + 1_000), first);
});

test('a ticket is renewed long before it expires', async () => {
  const tickets = new Tickets({ key, turn: null });
  for (const age of [0, HOUR, 2 * HOUR - 1, 2 * HOUR, 3 * HOUR, 25 * HOUR]) {
    const { expiresAt } = await tickets.make(join, issuedAt + age);
    const left = expiresAt - (issuedAt + age);
    assert.ok(left > 2 * HOUR - 1 && left <= 4 * HOUR, `${left / HOUR} h left`);
  }
});

test('TURN credentials are time-limited, this join’s own, and never the secret itself', async () => {
  const secret = 'turn-secret';
  const urls = [
    'stun:turn.example.com',
    'turn:turn.example.com?transport=udp',
    'turns:turn.example.com',
  ];
  const ticket = await new Tickets({ key, turn: { urls, secret } }).make(join, issuedAt);
  assert.ok(ticket.media.provider === 'peer');
  const [stun, turn] = ticket.media.iceServers;
  assert.deepEqual(stun, { urls: ['stun:turn.example.com'] });
  assert.deepEqual(turn?.urls, urls.slice(1));
  const username = `${Math.floor(ticket.expiresAt / 1000)}:p-1`;
  assert.equal(turn?.username, username);
  assert.equal(turn?.credential, createHmac('sha1', secret).update(username).digest('base64'));
  assert.doesNotMatch(JSON.stringify(ticket), /turn-secret/);
});
