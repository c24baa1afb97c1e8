import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from '../../../src/signaling/backoff.ts';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { ConnectionLimiter } from '../../../src/server/sockets/connection-limiter.ts';

/** The defaults of a server. */
const LIMITS = { sockets: 16_000, socketsPerAddress: 1_000 };

/** Numbers from 0 to 1, the same in every run (https://en.wikipedia.org/wiki/Linear_congruential_generator). */
function dice(seed: number): () => number {
  return () => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
}

/**
 * Every client of a node loses its socket in one moment, and comes back with the browser's own pauses. The node's
 * limiter lets it in or refuses it; handshakes are carried out one after another. Time is only counted.
 */
function storm({ clients, handshakesPerSecond, addressOf = (i: number) => `address ${i}` }: Storm) {
  const clock = { now: 0 };
  const limiter = new ConnectionLimiter(LIMITS, new TokenBuckets(() => clock.now));
  const random = dice(7);
  const attempts = new Int32Array(clients);
  const due = new Queue();
  let handshakes = 0;
  let most = 0;
  let busyUntil = 0;
  let served = 0;
  const come = (client: number): void => {
    const entry = limiter.enter(addressOf(client), handshakes);
    const attempt = (attempts[client] = (attempts[client] ?? 0) + 1);
    // A page is told neither why an upgrade was refused, nor for how long.
    if (typeof entry !== 'function') {
      due.add(clock.now + backoff(attempt, random), () => come(client));
      return;
    }
    most = Math.max(most, (handshakes += 1));
    busyUntil = Math.max(busyUntil, clock.now) + 1_000 / handshakesPerSecond;
    due.add(busyUntil, () => {
      handshakes -= 1;
      served += 1;
    });
  };
  for (let client = 0; client < clients; client += 1) {
    due.add(backoff(0, random), () => come(client));
  }
  due.run(clock);
  return { served, most, attempts, ms: clock.now };
}

interface Storm {
  readonly clients: number;
  readonly handshakesPerSecond: number;
  readonly addressOf?: (client: number) => string;
}

/** Work by the time at which it is due. */
class Queue {
  readonly #slots = new Map<number, (() => void)[]>();
  #last = 0;

  add(at: number, work: () => void): void {
    const slot = Math.ceil(at);
    this.#last = Math.max(this.#last, slot);
    const waiting = this.#slots.get(slot);
    if (waiting) waiting.push(work);
    else this.#slots.set(slot, [work]);
  }

  run(clock: { now: number }): void {
    for (; clock.now <= this.#last; clock.now += 1) {
      for (const work of this.#slots.get(clock.now) ?? []) work();
      this.#slots.delete(clock.now);
    }
  }
}

test('of 12,000 clients that come back at once 2,000 are let in at a time, and the node is never idle', () => {
  const { served, most, attempts, ms } = storm({ clients: 12_000, handshakesPerSecond: 500 });
  assert.equal(served, 12_000);
  assert.equal(most, 2_000);
  // 12,000 handshakes one after another take 24 s.
  assert.ok(ms < 24_500, `${ms} ms`);
  assert.ok(Math.max(...attempts) <= 24, 'nobody tries more than once a second');
  const tries = attempts.reduce((sum, one) => sum + one, 0);
  assert.ok(tries <= 8 * 12_000, `${tries} tries`);
});

test('an office of 1,000 behind one address comes back at once, and each needs one try', () => {
  const { served, attempts } = storm({
    clients: 1_000,
    handshakesPerSecond: 500,
    addressOf: () => 'the office',
  });
  assert.equal(served, 1_000);
  assert.equal(Math.max(...attempts), 1);
});
