import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandSchemas, noticeSchemas } from '../../../src/protocol/client-messages.ts';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { ConnectionLimiter } from '../../../src/server/sockets/connection-limiter.ts';
import { MessageRateLimit } from '../../../src/server/sockets/message-rate-limit.ts';

const TYPES = ['hello', ...Object.keys(commandSchemas), ...Object.keys(noticeSchemas)];
/** The defaults of a server. */
const DEFAULT_LIMITS = { sockets: 16_000, socketsPerAddress: 1_000 };

function bench(limits = DEFAULT_LIMITS) {
  const buckets = new TokenBuckets(() => 0);
  const { addressRates } = new ConnectionLimiter(limits, buckets);
  let opened = 0;
  return {
    addressRates,
    open: (address = 'a') =>
      new MessageRateLimit(buckets, `socket ${(opened += 1)}`, address, addressRates),
  };
}

/** How many messages of this type a socket may send before one is refused. */
function drain(socket: MessageRateLimit, type: string, identity: string | null = null): number {
  let through = 0;
  while (socket.take(type, identity) === 0) through += 1;
  return through;
}

for (const type of TYPES) {
  test(`an address with a thousand sockets sends ${type} as fifty people may, and no more`, () => {
    const { open } = bench();
    const one = drain(open('b'), type);
    const sockets = Array.from({ length: 1_000 }, () => open());
    const through = sockets.reduce((sum, socket) => sum + drain(socket, type), 0);
    assert.ok(one > 0);
    assert.equal(through, type === 'request-call' ? 1_000 : 50 * one);
    assert.equal(drain(open('c'), type), one, 'another address has the whole limit');
  });
}

test('people who sign in one after another on one address share its limit', () => {
  const { open } = bench({ sockets: 100, socketsPerAddress: 40 });
  const socket = open();
  const through = Array.from({ length: 40 }, (_, i) => drain(socket, 'typing', `agent:${i}`));
  assert.deepEqual(through, [...Array<number>(10).fill(20), ...Array<number>(30).fill(0)]);
});

test('an office of a thousand sockets behind one address comes back at once without a refusal', () => {
  const { open } = bench();
  for (let i = 0; i < 1_000; i += 1) {
    const socket = open();
    const person = `agent:${i}`;
    assert.equal(socket.take('hello', null), 0);
    const often = { 'enter-room': 1, 'chat-history': 2, 'chat-read': 1, ping: 1, signal: 25 };
    for (const [type, times] of Object.entries(often)) {
      for (let n = 0; n < times; n += 1) assert.equal(socket.take(type, person), 0, type);
    }
  }
});

test('each of few sockets of an address may send all that a person may', () => {
  const { open } = bench({ sockets: 100, socketsPerAddress: 3 });
  for (let i = 0; i < 3; i += 1) assert.equal(drain(open(), 'signal'), 600);
});
