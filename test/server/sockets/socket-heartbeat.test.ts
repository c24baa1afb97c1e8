import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SocketHeartbeat } from '../../../src/server/sockets/socket-heartbeat.ts';

/** A heartbeat whose turns and clock the test moves by 250 ms each. */
function bench() {
  const clock = { now: 0 };
  const heartbeat = new SocketHeartbeat(() => clock.now);
  heartbeat.stop();
  const turn = (): void => {
    clock.now += 250;
    heartbeat.tick();
  };
  return { heartbeat, clock, turn };
}

function socket() {
  const it = { heardAt: 0, pings: 0, terminated: 0, cut: 0 };
  return Object.assign(it, {
    ping: () => (it.pings += 1),
    terminate: () => (it.terminated += 1),
    isStuck: () => false,
    cutOff: () => (it.cut += 1),
  });
}

test('each socket is pinged once in 10 s, and never all at the same turn', () => {
  const { heartbeat, clock, turn } = bench();
  const sockets = Array.from({ length: 100 }, socket);
  for (const one of sockets) heartbeat.add(one);
  let most = 0;
  for (let i = 0; i < 40; i += 1) {
    const before = sockets.reduce((sum, { pings }) => sum + pings, 0);
    for (const one of sockets) one.heardAt = clock.now;
    turn();
    most = Math.max(most, sockets.reduce((sum, { pings }) => sum + pings, 0) - before);
  }
  assert.ok(sockets.every(({ pings }) => pings === 1));
  assert.equal(most, 5);
});

test('a socket that stays silent for more than 25 s is ended, one that answers is not', () => {
  const { heartbeat, clock, turn } = bench();
  const [silent, alive] = [socket(), socket()];
  heartbeat.add(silent);
  heartbeat.add(alive);
  while (clock.now < 24_000) {
    turn();
    alive.heardAt = clock.now;
  }
  assert.equal(silent.terminated, 0);
  while (clock.now < 31_000) {
    turn();
    alive.heardAt = clock.now;
  }
  assert.ok(silent.terminated > 0);
  assert.equal(alive.terminated, 0);
});

test('a socket that sends and does not read is cut off', () => {
  const { heartbeat, clock, turn } = bench();
  const one = Object.assign(socket(), { isStuck: () => true });
  heartbeat.add(one);
  for (let i = 0; i < 20; i += 1) turn();
  assert.equal(one.cut, 1, `within one visit, after ${clock.now} ms`);
});

test('a socket that was removed is left alone', () => {
  const { heartbeat, turn } = bench();
  const one = socket();
  heartbeat.add(one)();
  for (let i = 0; i < 200; i += 1) turn();
  assert.equal(one.pings + one.terminated, 0);
});
