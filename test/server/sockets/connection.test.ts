import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import type { Socket } from '../../../src/server/sockets/socket.ts';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { RetryLaterError } from '../../../src/server/rate-limits/retry-later-error.ts';
import { MessageRateLimit } from '../../../src/server/sockets/message-rate-limit.ts';
import { SocketMetrics } from '../../../src/server/sockets/socket-metrics.ts';
import type { Viewer } from '../../../src/server/sockets/viewer.ts';

const viewer: Viewer = {
  role: 'visitor',
  site: { id: 'demo', name: 'Demo', media: 'mesh' },
  callId: null,
  defaultFlow: null,
};
const hello = '{"type":"hello","protocol":1,"role":"visitor","site":"demo"}';
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A socket that keeps what was sent, and an owner that answers as a test says. */
function bench(answers: Partial<ConnectionOwner> = {}, buckets = new TokenBuckets(() => 0)) {
  const sent: ServerMessage[] = [];
  const log = {
    closed: null as [number, string] | null,
    terminated: false,
    ended: 0,
    failed: 0,
    cutOff: [] as number[],
  };
  const buffered = { bytes: 0 };
  const socket: Socket = {
    send: (frame, flushed) => {
      sent.push(JSON.parse(frame) as ServerMessage);
      flushed?.();
    },
    close: (code, reason) => void (log.closed = [code, reason]),
    terminate: () => void (log.terminated = true),
    bufferedBytes: () => buffered.bytes,
  };
  const owner: { -readonly [K in keyof ConnectionOwner]: ConnectionOwner[K] } = {
    alive: true,
    handshake: async () => viewer,
    welcomed: () => {},
    command: async () => null,
    showEffect: () => null,
    notice: async () => {},
    ended: () => void (log.ended += 1),
    failed: () => void (log.failed += 1),
    cutOff: (_, bufferedBytes) => void log.cutOff.push(bufferedBytes),
    metrics: new SocketMetrics(new Registry(), () => assert.fail('nothing reads the sockets')),
    rateLimitOf: ({ id, origin }) =>
      new MessageRateLimit(buckets, id, origin.address, {
        calls: { burst: 3, perSecond: 1 },
        people: 10,
      }),
    ...answers,
  };
  const connection = new Connection(
    socket,
    { address: '192.0.2.1', origin: null, cookie: undefined, own: new Set() },
    owner,
  );
  return { connection, owner, sent, log, buffered };
}

test('a hello is answered by a welcome with the connection’s id', async () => {
  const { connection, sent } = bench();
  connection.handleFrame(hello);
  await turn();
  assert.deepEqual(sent, [{ type: 'welcome', connection: connection.id }]);
});

test('a node that may have been declared dead acts on no message, and closes the socket with 1012', async () => {
  let acted = 0;
  const { connection, owner, log } = bench({ command: async () => void (acted += 1) });
  connection.handleFrame(hello);
  await turn();
  owner.alive = false;
  connection.handleFrame('{"type":"activate-tab","id":"1"}');
  await turn();
  assert.deepEqual([acted, log.closed], [0, [1012, 'offline']]);
});

test('a command during which the database was lost has no result, so that the client sends it again', async () => {
  const lost = new DatabaseUnavailable('away', new Error('cut'));
  const { connection, sent, log } = bench({ command: () => Promise.reject(lost) });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"activate-tab","id":"1"}');
  await turn();
  assert.deepEqual([log.closed, log.failed], [[1012, 'offline'], 0]);
  assert.ok(!sent.some(({ type }) => type === 'result'));
});

test('a command that a busy database refused is answered with server-error', async () => {
  const full = new DatabaseUnavailable('busy', new Error('full'));
  const { connection, sent, log } = bench({ command: () => Promise.reject(full) });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"activate-tab","id":"1"}');
  await turn();
  const [answer] = sent.filter((message) => message.type === 'result');
  assert.ok(answer && !answer.ok && answer.code === 'server-error');
  assert.equal(log.closed, null);
});

test('anything before the hello is answered by an error and closed with 4400', async () => {
  const frames = {
    '{"type":"ping"}': 'bad-message',
    'not json': 'bad-message',
    '{"type":"end-call","id":"1"}': 'bad-message',
    '{"type":"request-call","id":"1","__proto__":{}}': 'invalid-params',
  };
  for (const [frame, code] of Object.entries(frames)) {
    const { connection, sent, log } = bench();
    connection.handleFrame(frame);
    await turn();
    assert.equal(sent.at(-1)?.type, 'error');
    assert.deepEqual(log.closed, [4400, code]);
    assert.equal(log.ended, 1);
  }
});

test('a refused hello closes with the code that tells a client whether to come back', async () => {
  const codes = {
    unauthorized: 4401,
    'unknown-site': 4403,
    'origin-not-allowed': 4403,
    'rate-limited': 4429,
    'server-error': 1011,
  } as const;
  for (const [code, close] of Object.entries(codes)) {
    const handshake = async () => {
      throw new RtcDeskError(code as keyof typeof codes);
    };
    const { connection, log } = bench({ handshake });
    connection.handleFrame(hello);
    await turn();
    assert.deepEqual(log.closed, [close, code]);
  }
});

test('a missing hello closes with 4408; one that is being checked does not', async () => {
  const silent = bench();
  silent.connection.handleHelloTimeout();
  assert.deepEqual(silent.log.closed, [4408, 'bad-message']);
  const slow = bench({ handshake: () => new Promise(() => {}) });
  slow.connection.handleFrame(hello);
  slow.connection.handleHelloTimeout();
  assert.equal(slow.log.closed, null);
});

test('an unknown failure is answered with server-error, without its text, and logged once', async () => {
  const command = async () => {
    throw new Error('password=secret');
  };
  const { connection, sent, log } = bench({ command });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"activate-tab","id":"t"}');
  await turn();
  const result = sent.at(-1);
  assert.ok(result?.type === 'result' && !result.ok && result.code === 'server-error');
  assert.doesNotMatch(JSON.stringify(sent), /secret/);
  assert.equal(log.failed, 1);
});

test('messages are handled one after another, in the order in which they came', async () => {
  const order: string[] = [];
  const command: ConnectionOwner['command'] = async (_, { id }) => {
    order.push(`${id} begins`);
    await turn();
    order.push(`${id} ends`);
  };
  const { connection } = bench({ command });
  connection.handleFrame(hello);
  for (const id of ['a', 'b']) connection.handleFrame(`{"type":"activate-tab","id":"${id}"}`);
  for (let i = 0; i < 8; i += 1) await turn();
  assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('a client that keeps sending nonsense is closed with 4400, one that floods with 4429', async () => {
  const nonsense = bench();
  nonsense.connection.handleFrame(hello);
  await turn();
  for (let i = 0; i < 60; i += 1) nonsense.connection.handleFrame('{');
  await turn();
  assert.deepEqual(nonsense.log.closed, [4400, 'bad-message']);
  const flood = bench();
  flood.connection.handleFrame(hello);
  await turn();
  for (let i = 0; i < 200; i += 1) flood.connection.handleFrame('{"type":"ping"}');
  await turn();
  assert.deepEqual(flood.log.closed, [4429, 'rate-limited']);
});

test('a refusal that is only for now says after how many seconds to try again', async () => {
  const handshake = async () => {
    throw new RetryLaterError('rate-limited', 'full', 10);
  };
  const full = bench({ handshake });
  full.connection.handleFrame(hello);
  await turn();
  const refused = full.sent.at(-1);
  assert.ok(refused?.type === 'error' && refused.retryAfter === 10);
  assert.deepEqual(full.log.closed, [4429, 'rate-limited']);

  const command = async () => {
    throw new RetryLaterError('queue-full', 'full', 15);
  };
  const queue = bench({ command });
  queue.connection.handleFrame(hello);
  queue.connection.handleFrame('{"type":"activate-tab","id":"t"}');
  await turn();
  const result = queue.sent.at(-1);
  assert.ok(result?.type === 'result' && !result.ok && result.retryAfter === 15);

  const flood = bench();
  flood.connection.handleFrame(hello);
  await turn();
  for (let i = 0; i < 200; i += 1) flood.connection.handleFrame('{"type":"ping"}');
  await turn();
  const last = flood.sent.at(-1);
  assert.ok(last?.type === 'error' && last.code === 'rate-limited' && last.retryAfter === 1);
});

test('the rate limit of a person counts over all sockets of the person', async () => {
  const buckets = new TokenBuckets(() => 0);
  const credential = { kind: 'session', hash: Buffer.alloc(32) } as const;
  const agent: Viewer = { role: 'agent', site: { id: 'demo' }, agentId: 'a-1', credential };
  let handled = 0;
  const notice = async () => void (handled += 1);
  const tabs = [1, 2].map(() => bench({ handshake: async () => agent, notice }, buckets));
  const other = bench({ handshake: async () => ({ ...agent, agentId: 'a-2' }), notice }, buckets);
  for (const { connection } of [...tabs, other]) connection.handleFrame(hello);
  await turn();
  for (const { connection } of [...tabs, other]) {
    for (let i = 0; i < 20; i += 1) connection.handleFrame('{"type":"ping"}');
  }
  for (let i = 0; i < 40; i += 1) await turn();
  assert.equal(handled, 30 + 20);
});

test('requests of calls are counted over all sockets of an address', async () => {
  const buckets = new TokenBuckets(() => 0);
  const answered: boolean[] = [];
  for (let i = 0; i < 5; i += 1) {
    const { connection, sent } = bench({}, buckets);
    connection.handleFrame(hello);
    await turn();
    const resume = 'A'.repeat(43);
    connection.handleFrame(JSON.stringify({ type: 'request-call', id: '1', resume, params: {} }));
    await turn();
    const result = sent.at(-1);
    answered.push(result?.type === 'result' && result.ok);
  }
  assert.deepEqual(answered, [true, true, true, false, false]);
});

test('the rate limit of an address is the same for any number of sockets', async () => {
  const buckets = new TokenBuckets(() => 0);
  let handled = 0;
  const notice = async () => void (handled += 1);
  const crowd = Array.from({ length: 12 }, () => bench({ notice }, buckets));
  for (const { connection } of crowd) {
    connection.handleFrame(hello);
    for (let i = 0; i < 30; i += 1) connection.handleFrame('{"type":"ping"}');
  }
  for (let i = 0; i < 40; i += 1) await turn();
  assert.equal(handled, 10 * 30);
});

test('a client with more than two mebibytes of unhandled messages is closed with 4429', async () => {
  const { connection, sent, log } = bench({ command: () => new Promise(() => {}) });
  connection.handleFrame(hello);
  await turn();
  connection.handleFrame('{"type":"activate-tab","id":"t"}');
  const data = 'x'.repeat(60_000);
  const frame = JSON.stringify({ type: 'signal', room: 1, to: 'p', data });
  for (let i = 0; i < 34; i += 1) connection.handleFrame(frame);
  assert.equal(log.closed, null);
  connection.handleFrame(frame);
  assert.deepEqual(log.closed, [4429, 'rate-limited']);
  const last = sent.at(-1);
  assert.ok(last?.type === 'error' && last.retryAfter === 5);
});

test('a peer that lets more than a mebibyte pile up is cut off at the next frame, and that is told', async () => {
  const { connection, log, buffered } = bench();
  connection.handleFrame(hello);
  await turn();
  buffered.bytes = 1024 * 1024 + 1;
  connection.send({ type: 'pong' });
  assert.equal(log.terminated, true);
  assert.equal(log.ended, 1);
  assert.deepEqual(log.cutOff, [1024 * 1024 + 1]);
});

test('no frame is too large for a peer that has read what came before', async () => {
  const { connection, log, sent, buffered } = bench();
  connection.handleFrame(hello);
  await turn();
  buffered.bytes = 1024 * 1024;
  const message = 'x'.repeat(3 * 1024 * 1024);
  connection.send({ type: 'error', code: 'server-error', message });
  assert.equal(log.terminated, false);
  assert.equal(sent.at(-1)?.type, 'error');
});

test('the end is reported once', () => {
  const { connection, log } = bench();
  connection.close(1012, 'offline');
  connection.handleEnd();
  connection.close(1012, 'offline');
  assert.equal(log.ended, 1);
});
