import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import type { Socket } from '../../../src/server/sockets/socket.ts';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { RetryLaterError } from '../../../src/server/rate-limits/retry-later-error.ts';
import { MessageRateLimit } from '../../../src/server/sockets/message-rate-limit.ts';
import type { Viewer } from '../../../src/server/sockets/viewer.ts';

const viewer: Viewer = {
  role: 'visitor',
  site: { id: 'demo', name: 'Demo', media: 'peer' },
  callId: null,
};
const hello = '{"type":"hello","protocol":1,"role":"visitor","site":"demo"}';
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A socket that keeps what was sent, and an owner that answers as a test says. */
function bench(answers: Partial<ConnectionOwner> = {}, buckets = new TokenBuckets(() => 0)) {
  const sent: ServerMessage[] = [];
  const log = { closed: null as [number, string] | null, terminated: false, ended: 0, failed: 0 };
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
    greet: async () => viewer,
    greeted: () => {},
    command: async () => null,
    notice: async () => {},
    ended: () => void (log.ended += 1),
    failed: () => void (log.failed += 1),
    count: () => {},
    countSlowReader: () => {},
    allowanceOf: ({ id, from }) =>
      new MessageRateLimit(buckets, id, from.address, {
        calls: { burst: 3, perSecond: 1 },
        people: 10,
      }),
    ...answers,
  };
  const connection = new Connection(
    socket,
    { address: '192.0.2.1', origin: null, own: new Set() },
    owner,
  );
  return { connection, owner, sent, log, buffered };
}

test('a greeting is answered by a welcome with the connection’s id', async () => {
  const { connection, sent } = bench();
  connection.handleFrame(hello);
  await turn();
  assert.deepEqual(sent, [{ type: 'welcome', connection: connection.id }]);
});

test('a node that may have been declared dead acts on nothing, and sends whoever speaks back', async () => {
  let acted = 0;
  const { connection, owner, log } = bench({ command: async () => void (acted += 1) });
  connection.handleFrame(hello);
  await turn();
  owner.alive = false;
  connection.handleFrame('{"type":"take-charge","id":"1"}');
  await turn();
  assert.deepEqual([acted, log.closed], [0, [1012, 'offline']]);
});

test('a command that the database was lost over is left to the client to send again', async () => {
  const lost = new DatabaseUnavailable('away', new Error('cut'));
  const { connection, sent, log } = bench({ command: () => Promise.reject(lost) });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"take-charge","id":"1"}');
  await turn();
  assert.deepEqual([log.closed, log.failed], [[1012, 'offline'], 0]);
  assert.ok(!sent.some(({ type }) => type === 'result'));
});

test('a command that the database had no room for is answered, and can be tried again', async () => {
  const full = new DatabaseUnavailable('busy', new Error('full'));
  const { connection, sent, log } = bench({ command: () => Promise.reject(full) });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"take-charge","id":"1"}');
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
    const greet = async () => {
      throw new RtcDeskError(code as keyof typeof codes);
    };
    const { connection, log } = bench({ greet });
    connection.handleFrame(hello);
    await turn();
    assert.deepEqual(log.closed, [close, code]);
  }
});

test('a hello that never comes closes with 4408; one that is being checked is not hurried', async () => {
  const silent = bench();
  silent.connection.handleHelloTimeout();
  assert.deepEqual(silent.log.closed, [4408, 'bad-message']);
  const slow = bench({ greet: () => new Promise(() => {}) });
  slow.connection.handleFrame(hello);
  slow.connection.handleHelloTimeout();
  assert.equal(slow.log.closed, null);
});

test('an unknown failure is told as server-error, without its text, and logged once', async () => {
  const command = async () => {
    throw new Error('password=secret');
  };
  const { connection, sent, log } = bench({ command });
  connection.handleFrame(hello);
  connection.handleFrame('{"type":"take-charge","id":"t"}');
  await turn();
  const result = sent.at(-1);
  assert.ok(result?.type === 'result' && !result.ok && result.code === 'server-error');
  assert.doesNotMatch(JSON.stringify(sent), /secret/);
  assert.equal(log.failed, 1);
});

test('messages are worked off one after another, in the order in which they came', async () => {
  const order: string[] = [];
  const command: ConnectionOwner['command'] = async (_, { id }) => {
    order.push(`${id} begins`);
    await turn();
    order.push(`${id} ends`);
  };
  const { connection } = bench({ command });
  connection.handleFrame(hello);
  for (const id of ['a', 'b']) connection.handleFrame(`{"type":"take-charge","id":"${id}"}`);
  for (let i = 0; i < 8; i += 1) await turn();
  assert.deepEqual(order, ['a begins', 'a ends', 'b begins', 'b ends']);
});

test('who keeps sending nonsense is sent away with 4400, who floods with 4429', async () => {
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

test('what was refused for now says in how many seconds it may be tried again', async () => {
  const greet = async () => {
    throw new RetryLaterError('rate-limited', 'full', 10);
  };
  const full = bench({ greet });
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
  queue.connection.handleFrame('{"type":"take-charge","id":"t"}');
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

test('what a person may send is counted over all of the person’s sockets', async () => {
  const buckets = new TokenBuckets(() => 0);
  const agent: Viewer = { role: 'agent', site: { id: 'demo' }, agentId: 'a-1' };
  let worked = 0;
  const notice = async () => void (worked += 1);
  const tabs = [1, 2].map(() => bench({ greet: async () => agent, notice }, buckets));
  const other = bench({ greet: async () => ({ ...agent, agentId: 'a-2' }), notice }, buckets);
  for (const { connection } of [...tabs, other]) connection.handleFrame(hello);
  await turn();
  for (const { connection } of [...tabs, other]) {
    for (let i = 0; i < 20; i += 1) connection.handleFrame('{"type":"ping"}');
  }
  for (let i = 0; i < 40; i += 1) await turn();
  assert.equal(worked, 30 + 20);
});

test('wishes for a call are counted over all sockets of an address', async () => {
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

test('what an address may send of a type is the same however many sockets send it', async () => {
  const buckets = new TokenBuckets(() => 0);
  let worked = 0;
  const notice = async () => void (worked += 1);
  const crowd = Array.from({ length: 12 }, () => bench({ notice }, buckets));
  for (const { connection } of crowd) {
    connection.handleFrame(hello);
    for (let i = 0; i < 30; i += 1) connection.handleFrame('{"type":"ping"}');
  }
  for (let i = 0; i < 40; i += 1) await turn();
  assert.equal(worked, 10 * 30);
});

test('more than two mebibytes that wait to be worked off are too much', async () => {
  const { connection, sent, log } = bench({ command: () => new Promise(() => {}) });
  connection.handleFrame(hello);
  await turn();
  connection.handleFrame('{"type":"take-charge","id":"t"}');
  const data = 'x'.repeat(60_000);
  const frame = JSON.stringify({ type: 'signal', room: 1, to: 'p', data });
  for (let i = 0; i < 34; i += 1) connection.handleFrame(frame);
  assert.equal(log.closed, null);
  connection.handleFrame(frame);
  assert.deepEqual(log.closed, [4429, 'rate-limited']);
  const last = sent.at(-1);
  assert.ok(last?.type === 'error' && last.retryAfter === 5);
});

test('a reader that lets more than a mebibyte pile up is cut off', async () => {
  const { connection, log, buffered } = bench();
  connection.handleFrame(hello);
  await turn();
  buffered.bytes = 1024 * 1024;
  connection.send({ type: 'pong' });
  assert.equal(log.terminated, true);
  assert.equal(log.ended, 1);
});

test('the end is told once, however it came', () => {
  const { connection, log } = bench();
  connection.close(1012, 'offline');
  connection.handleEnd();
  connection.close(1012, 'offline');
  assert.equal(log.ended, 1);
});
