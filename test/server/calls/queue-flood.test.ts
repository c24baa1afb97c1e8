import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { requestCall, type CallRequest } from '../../../src/server/calls/request-call.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from './call-world.ts';

describe('a queue that somebody floods', () => {
  onBothDatabases((test) => {
    beforeEach(async () => {
      await CallWorld.make(test.db, test.nodeId);
    });
    const ask = (request: Partial<CallRequest> = {}, db = test.db) =>
      requestCall(db, { siteId: 'shop', name: 'Mei', resumeHash: randomBytes(32), ...request });
    const refuses = (code: string, request: Partial<CallRequest> = {}) =>
      assert.rejects(ask(request), { name: 'RtcDeskError', code });
    const limit = (queue: number, address: number | null = null) =>
      test.db.query('update sites set queue_limit = $1, calls_per_address = $2', [queue, address]);
    const waiting = async () =>
      (await test.db.query(`select from calls where state = 'queued'`)).rowCount;
    /** A call from each of these addresses, one after another. */
    const fill = async (count: number, from = 100) => {
      for (let i = 0; i < count; i += 1) await ask({ addressHash: BigInt(from + i) });
    };

    it('takes a tenth of its places from one address, and more only if the site raises it', async () => {
      await limit(30);
      for (let i = 0; i < 3; i += 1) await ask({ addressHash: 1n });
      await refuses('rate-limited', { addressHash: 1n });
      await ask({ addressHash: 2n });
      await limit(30, 5);
      for (let i = 0; i < 2; i += 1) await ask({ addressHash: 1n });
      await refuses('rate-limited', { addressHash: 1n });
      await limit(9);
      await ask({ addressHash: 3n });
      await refuses('rate-limited', { addressHash: 3n });
    });

    it('keeps its last fifth for signed identities and for addresses without a call', async () => {
      await limit(10, 10);
      await fill(8);
      await refuses('queue-full', { addressHash: 100n });
      const { callId } = await ask({ addressHash: 1n });
      await refuses('queue-full', { addressHash: 1n });
      await ask({ addressHash: 100n, externalId: 'c-1' });
      assert.equal(await waiting(), 10);
      await refuses('queue-full', { addressHash: 2n });
      await refuses('queue-full', { addressHash: 2n, externalId: 'c-2' });
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      await refuses('queue-full', { addressHash: 100n });
      await ask({ addressHash: 1n });
    });

    it('holds both limits exactly when many ask at once, on several nodes', async () => {
      const nodes = [test.db, await test.another(), await test.another()];
      await limit(50, 45);
      // Two addresses flood: 40 places are open to all, and one of each address counts as known.
      const flood = Array.from({ length: 120 }, (_, i) =>
        ask({ addressHash: BigInt(i % 2) }, nodes[i % 3]),
      );
      const answers = await Promise.allSettled(flood);
      assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 40);
      const known = await Promise.allSettled(
        Array.from({ length: 30 }, (_, i) => ask({ addressHash: BigInt(10 + i) }, nodes[i % 3])),
      );
      assert.equal(known.filter(({ status }) => status === 'fulfilled').length, 10);
      assert.equal(await waiting(), 50);
    });

    it('lets known visitors in also if strangers ask in the same moment', async () => {
      await limit(10, 10);
      await fill(8);
      const strangers = Array.from({ length: 8 }, () => ask({ addressHash: 100n }));
      const known = [ask({ addressHash: 1n }), ask({ addressHash: 100n, externalId: 'c-1' })];
      const answers = await Promise.allSettled([...strangers, ...known]);
      assert.deepEqual(
        answers.map(({ status }) => status),
        [...Array<string>(8).fill('rejected'), 'fulfilled', 'fulfilled'],
      );
    });

    it('asks for a signed identity or a passed challenge if the site demands it, and finds a call without', async () => {
      await test.db.query(`update sites set visitor_check = 'identity'`);
      await refuses('invalid-identity');
      await refuses('invalid-identity', { challengePassed: true });
      const { callId } = await ask({ externalId: 'c-1' });
      await test.db.query(
        `update sites set visitor_check = 'challenge',
                challenge = '{"provider": "turnstile", "siteKey": "s", "secretKey": "k"}'`,
      );
      await refuses('challenge-required');
      await ask({ externalId: 'c-2' });
      const resumeHash = randomBytes(32);
      const passed = await ask({ challengePassed: true, resumeHash });
      assert.deepEqual(await ask({ resumeHash }), { callId: passed.callId, created: false });
      assert.notEqual(passed.callId, callId);
      assert.equal(await waiting(), 3);
    });
  });
});
