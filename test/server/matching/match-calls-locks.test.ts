import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Queryable } from '../../../src/server/database/database.ts';
import { matchCalls } from '../../../src/server/matching/match-calls.ts';
import { writeOffers } from '../../../src/server/matching/write-offers.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { QueueWorld } from './queue-world.ts';
import { agent, call } from './situation.ts';

describe('the matching beside other transactions', () => {
  onBothDatabases((test) => {
    let world: QueueWorld;
    beforeEach(async () => {
      world = await QueueWorld.make(test.db);
    });

    /** Matches while another transaction, which does `work`, is open. */
    async function matchDuring(work: (tx: Queryable) => Promise<unknown>): Promise<number> {
      const other = await test.another();
      return other.transaction(async (tx) => {
        await work(tx);
        return (await matchCalls(test.db, 'shop')).matched;
      });
    }
    const pair = async (callName: string, agentName: string) => ({
      call: call(world.callId(callName)),
      agent: agent(world.agentId(agentName)),
      groupId: 'sales',
      reason: {
        code: 'only-one-free',
        params: {
          group: 'Sales',
          rulesVersion: 1,
          idleSeconds: 0,
          level: 1,
          ring: 0,
          candidates: 1,
          passedOver: [],
        },
      } as const,
    });

    it('makes no offer from what was read before the call moved', async () => {
      await world.call('Mei');
      await world.agent('Alice');
      const stale = await pair('Mei', 'Alice');
      await test.db.query('update calls set epoch = 1');
      const [written] = await test.db.transaction((tx) =>
        writeOffers(tx, 'shop', [stale], BUILT_IN_MEDIA),
      );
      assert.deepEqual([written?.call_free, written?.offered], [false, false]);
      assert.deepEqual(await world.offers(), []);
    });

    it('makes no offer to an agent who has become unavailable, and none of the others in that attempt', async () => {
      await world.call('Mei');
      await world.call('Lin');
      await world.agent('Alice', { status: 'break' });
      await world.agent('Bob');
      const matches = [await pair('Mei', 'Alice'), await pair('Lin', 'Bob')];
      const written = await test.db.transaction((tx) =>
        writeOffers(tx, 'shop', matches, BUILT_IN_MEDIA),
      );
      assert.deepEqual(
        written.map(({ agent_free, offered }) => [agent_free, offered]),
        [
          [false, false],
          [true, false],
        ],
      );
      assert.deepEqual(await world.offers(), []);
    });

    it('leaves a call in the queue whose agent was given another leg meanwhile', async () => {
      await world.call('Mei');
      await world.call('Lin');
      await world.call('Other', { group: 'service' });
      await world.agent('Alice');
      await world.agent('Bob');
      await world.leg('Other', 'Alice', 'joined', { kind: 'transfer' });
      const matches = [await pair('Mei', 'Alice'), await pair('Lin', 'Bob')];
      const written = await test.db.transaction((tx) =>
        writeOffers(tx, 'shop', matches, BUILT_IN_MEDIA),
      );
      assert.deepEqual(
        written.map(({ offered }) => offered),
        [false, true],
      );
      assert.deepEqual(await world.offers(), ['Lin→Bob']);
      const { rows } = await test.db.query(
        `select visitor_name, epoch from calls where state = 'queued' and group_id = 'sales'`,
      );
      assert.deepEqual(rows, [{ visitor_name: 'Mei', epoch: 0 }]);
    });

    // PGlite runs one transaction at a time.
    if (test.kind === 'PGlite') return;

    it('skips a call that another transaction writes, and serves the next one', async () => {
      const older = await world.call('Older', { waited: 20 });
      await world.call('Younger', { waited: 10 });
      await world.agent('Alice');
      const matched = await matchDuring((tx) =>
        tx.query('update calls set visitor_gone_at = now() where id = $1', [older]),
      );
      assert.equal(matched, 1);
      assert.deepEqual(await world.offers(), ['Younger→Alice']);
    });

    it('skips an agent whom another transaction writes, and keeps the order of the calls', async () => {
      await world.call('Older', { waited: 20 });
      await world.call('Younger', { waited: 10 });
      const alice = await world.agent('Alice', { idle: 60 });
      await world.agent('Bob', { idle: 30 });
      const matched = await matchDuring((tx) =>
        tx.query(`update agents set status = 'break' where id = $1`, [alice]),
      );
      assert.equal(matched, 1);
      assert.deepEqual(await world.offers(), ['Older→Bob']);
    });

    it('waits for another node that matches the same site, and not for one that matches another site', async () => {
      const other = await QueueWorld.make(test.db, 'other');
      await world.call('Mei');
      await world.agent('Alice');
      await other.call('Lin');
      await other.agent('Bob');
      const holder = await test.another();
      const waiting = await holder.transaction(async (tx) => {
        await tx.query(`select pg_advisory_xact_lock(hashtext('matching'), hashtext('shop'))`);
        assert.equal((await matchCalls(test.db, 'other')).matched, 1);
        const run = matchCalls(test.db, 'shop');
        await waitUntil('the run waits for the lock', async () => {
          const { rowCount } = await tx.query(
            `select from pg_locks where locktype = 'advisory' and not granted`,
          );
          return rowCount > 0;
        });
        assert.deepEqual(await world.offers(), []);
        return { run };
      });
      assert.equal((await waiting.run).matched, 1);
      assert.deepEqual(await world.offers(), ['Mei→Alice']);
    });
  });
});
