import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { matchCalls } from '../../../src/server/matching/match-calls.ts';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { sweep } from '../../../src/server/sweeps/sweep.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld, type TestVisitor } from './call-world.ts';
import { assertSound } from './sound-state.ts';

describe('in the same moment', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    const nodes: Database[] = [];
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });

    /**
     * Runs operations on one call at the same time, each on a node of its own. The call's row is locked until all
     * of them have read their starting point and wait for it. On PGlite, with its one connection, they run one
     * after another.
     */
    async function collide(
      callId: string,
      ...operations: ((db: Database) => Promise<unknown>)[]
    ): Promise<PromiseSettledResult<unknown>[]> {
      if (test.kind === 'PGlite') return Promise.allSettled(operations.map((run) => run(test.db)));
      const holder = await node(operations.length);
      const others = await Promise.all(operations.map((_, i) => node(i)));
      let running: Promise<PromiseSettledResult<unknown>[]> | undefined;
      await holder.transaction(async (tx) => {
        await tx.query('select from calls where id = $1 for update', [callId]);
        running = Promise.allSettled(operations.map((run, i) => run(others[i] ?? test.db)));
        await waitingForLocks(operations.length);
      });
      return running ?? [];
    }
    /**
     * Stops a sweep where it frees this agent and has locked the calls' rows. Another node's sweep runs past it, and
     * operations run into it. On PGlite they all run one after another.
     */
    async function midSweep(
      agentId: string,
      ...operations: ((db: Database) => Promise<unknown>)[]
    ): Promise<PromiseSettledResult<unknown>[]> {
      if (test.kind === 'PGlite') {
        const swept = await Promise.allSettled([sweep(test.db)]);
        return [...swept, ...(await Promise.allSettled(operations.map((run) => run(test.db))))];
      }
      const [holder, sweeper, other] = await Promise.all([node(0), node(1), node(2)]);
      let running: Promise<PromiseSettledResult<unknown>[]> | undefined;
      await holder.transaction(async (tx) => {
        await tx.query('select from agents where id = $1 for no key update', [agentId]);
        const sweeping = sweep(sweeper);
        await waitingForLocks(1);
        await sweep(other);
        running = Promise.allSettled([sweeping, ...operations.map((run) => run(other))]);
        await waitingForLocks(1 + operations.length);
      });
      return running ?? [];
    }
    /** Resolves when this number of statements waits for a lock. */
    const waitingForLocks = (count: number): Promise<unknown> =>
      waitUntil(`${count} wait for a lock`, async () => {
        // Outside of the holder's transaction, in which PostgreSQL answers the same each time.
        const { rows } = await test.db.query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return rows[0]?.n === count;
      });
    const node = async (i: number): Promise<Database> => (nodes[i] ??= await test.another());
    const won = (results: PromiseSettledResult<unknown>[]) =>
      results.filter(({ status }) => status === 'fulfilled').length;
    const assertConflicts = (results: PromiseSettledResult<unknown>[]) => {
      for (const result of results) {
        if (result.status === 'rejected') {
          assert.equal((result.reason as { code: string }).code, 'conflict', String(result.reason));
        }
      }
    };

    it('two tabs accept one offer, and one of them gets it', async () => {
      const alice = await world.agent('Alice');
      const second = await world.tab(alice.id);
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      const results = await collide(
        visitor.callId,
        ...[alice.tab, second].map(
          (connectionId) => (db: Database) =>
            acceptOffer(db, { legId: id, agentId: alice.id, connectionId }),
        ),
      );
      assert.equal(won(results), 1);
      assertConflicts(results);
      await assertSound(test.db);
    });

    it('two agents accept one call, one of them too late: one gets it', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const visitor = await world.visitor();
      const first = await world.offerOf(visitor.callId);
      await world.shift('legs', first.id, 'deadline', 19.95);
      const late = acceptOffer(test.db, {
        legId: first.id,
        agentId: alice.id,
        connectionId: alice.tab,
      });
      const second = (async () => {
        await waitUntil('the offer is missed or taken', async () => {
          await world.sweep();
          return (await world.call(visitor.callId)).state !== 'offered';
        });
        const offer = (await world.match()).find(({ call_id }) => call_id === visitor.callId);
        if (!offer) throw Object.assign(new Error('taken'), { code: 'conflict' });
        await acceptOffer(test.db, { legId: offer.id, agentId: bob.id, connectionId: bob.tab });
      })();
      const results = await Promise.allSettled([late, second]);
      assert.equal(won(results), 1);
      assertConflicts(results);
      await assertSound(test.db);
    });

    it('an accept while the sweep withdraws the offer: the call waits for the next agent', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await test.db.query(`update agents set status = 'break'`);
      const accept = (db: Database) =>
        acceptOffer(db, { legId: id, agentId: alice.id, connectionId: alice.tab });
      const [, accepted] = await midSweep(alice.id, accept);
      assert.equal(accepted?.status, 'rejected');
      assertConflicts([accepted]);
      assert.equal((await world.call(visitor.callId)).state, 'queued');
      await assertSound(test.db);
    });

    it('a sweep while an offer is accepted: it skips that call, and withdraws the other offer', async () => {
      const agents = [await world.agent('Alice'), await world.agent('Bob')];
      const visitors = [await world.visitor(), await world.visitor()];
      const offers = await world.match();
      const [first, second] = offers.map((offer) => ({
        ...offer,
        tab: agents.find(({ id }) => id === offer.agent_id)?.tab ?? '',
      }));
      assert.ok(first && second && visitors.length === offers.length);
      await test.db.query(`update agents set status = 'break'`);
      const accept = () =>
        acceptOffer(test.db, {
          legId: first.id,
          agentId: first.agent_id,
          connectionId: first.tab,
        });
      if (test.kind === 'PGlite') {
        await accept();
        await sweep(test.db);
      } else {
        const [holder, other] = await Promise.all([node(0), node(1)]);
        let accepting: Promise<unknown> | undefined;
        await holder.transaction(async (tx) => {
          await tx.query('select from calls where id = $1 for update', [first.call_id]);
          accepting = accept();
          await waitingForLocks(1);
          await sweep(other);
        });
        await accepting;
      }
      assert.equal((await world.call(first.call_id)).state, 'accepted');
      assert.equal((await world.call(second.call_id)).state, 'queued');
      await assertSound(test.db);
    });

    it('an accept, a decline and a cancel: the call ends, and no leg stays active', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      const results = await collide(
        visitor.callId,
        (db) => acceptOffer(db, { legId: id, agentId: alice.id, connectionId: alice.tab }),
        (db) => declineOffer(db, { legId: id, agentId: alice.id }),
        (db) => endCall(db, { callId: visitor.callId, by: { role: 'visitor' } }),
      );
      assertConflicts(results);
      assert.equal((await world.call(visitor.callId)).state, 'ended');
      assert.equal(await world.activeLeg(alice.id), null);
      await assertSound(test.db);
    });

    it('a matching that waited while the agent became free: the log has the end before the next offer', async () => {
      const alice = await world.agent('Alice');
      const [first, second] = [await world.visitor(), await world.visitor()];
      await world.connected(first, alice);
      const end = () =>
        endCall(test.db, { callId: first.callId, by: { role: 'agent', agentId: alice.id } });
      await test.db.query('update skill_groups set wrap_up_seconds = 0');
      if (test.kind === 'PGlite') {
        await end();
        await matchCalls(test.db, 'shop');
      } else {
        const [holder, other] = await Promise.all([node(0), node(1)]);
        let matching: ReturnType<typeof matchCalls> | undefined;
        await holder.transaction(async (tx) => {
          await tx.query(`select pg_advisory_xact_lock(hashtext('matching'), hashtext('shop'))`);
          matching = matchCalls(other, 'shop');
          await waitingForLocks(1);
          await end();
        });
        await matching;
      }
      const { rows } = await test.db.query<{ step: string }>(
        `select call_id || ' ' || type as step from call_events
          where type in ('ended', 'offered') order by at`,
      );
      assert.deepEqual(
        rows.map(({ step }) => step),
        [`${first.callId} offered`, `${first.callId} ended`, `${second.callId} offered`],
      );
    });

    it('the agent enters while the room falls back: both happen, and the log has both', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const trtc = { trtc: true, confirmedByCallback: false };
      const { room, participant } = await world.accepted(visitor, alice, trtc);
      const results = await collide(
        visitor.callId,
        (db) => enterRoom(db, { room, participant, connectionId: alice.tab }),
        (db) => fallBack(db, { room, participant }),
      );
      assert.equal(won(results), 2);
      const call = await world.call(visitor.callId);
      assert.deepEqual([call.state, call.epoch], ['ready', 4]);
      await assertSound(test.db);
    });

    for (const step of ['agent', 'visitor'] as const) {
      it(`the ${step} enters while the call ends: the call ends, and nobody is inside`, async () => {
        const alice = await world.agent('Alice');
        const visitor = await world.visitor();
        const entering = await comeIn(visitor, step);
        const results = await collide(
          visitor.callId,
          (db) => endCall(db, { callId: visitor.callId, by: { role: 'visitor' } }),
          (db) => enterRoom(db, entering),
        );
        assertConflicts(results);
        assert.equal((await world.call(visitor.callId)).state, 'ended');
        const inside = await test.db.query(
          `select from participants p join rooms r on r.number = p.room
            where p.left_at is null and r.closed_at is null`,
        );
        assert.equal(inside.rowCount, 0);
        await assertSound(test.db);

        async function comeIn(who: TestVisitor, role: typeof step) {
          if (role === 'agent') {
            return { ...(await world.accepted(who, alice)), connectionId: alice.tab };
          }
          const { room } = await world.ready(who, alice);
          const participant = await world.visitorParticipant(room);
          return { room, participant, connectionId: who.connection };
        }
      });
    }

    it('both enter, and the visitor reloads: the call connects once', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.ready(visitor, alice);
      const visitors = await world.visitorParticipant(room);
      const enter = (who: string, connectionId: string) => (db: Database) =>
        enterRoom(db, { room, participant: who, connectionId });
      await collide(
        visitor.callId,
        enter(visitors, visitor.connection),
        enter(visitors, visitor.connection),
        enter(participant, alice.tab),
      );
      assert.equal((await world.call(visitor.callId)).state, 'connected');
      await assertSound(test.db);
    });

    it('a cancel and the matching: the call ends, and no offer stays', async () => {
      for (let round = 0; round < 20; round += 1) {
        const visitor = await world.visitor();
        const alice = await world.agent(`agent-${round}`);
        await Promise.all([
          matchCalls(test.db, 'shop'),
          endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } }),
          matchCalls(test.db, 'shop'),
        ]);
        assert.equal((await world.call(visitor.callId)).state, 'ended');
        await setStatus(test.db, { agentId: alice.id, status: 'offline' });
        await assertSound(test.db);
      }
    });

    it('many nodes match: each call is offered once, to one agent each', async () => {
      for (let i = 0; i < 20; i += 1) await world.visitor();
      for (let i = 0; i < 15; i += 1) await world.agent(`agent-${i}`);
      const other = await test.another();
      const done = await Promise.all(
        [test.db, other, test.db, other, test.db].map((db) => matchCalls(db, 'shop')),
      );
      await world.match();
      assert.ok(done.reduce((sum, { matched }) => sum + matched, 0) <= 15);
      assert.equal((await world.offers()).length, 15);
      await assertSound(test.db);
    });

    it('two nodes match: neither serves a younger call while the other is serving the older one', async () => {
      const alice = await world.agent('Alice', ['sales', 'service']);
      const bob = await world.agent('Bob', ['service']);
      await setStatus(test.db, { agentId: bob.id, status: 'break' });
      const first = await world.visitor();
      const older = await world.visitor({ skill: 'service' });
      await world.visitor({ skill: 'service' });
      const bobComes = () => setStatus(test.db, { agentId: bob.id, status: 'available' });
      if (test.kind === 'PGlite') {
        await matchCalls(test.db, 'shop');
        await bobComes();
        await matchCalls(test.db, 'shop');
      } else {
        const [holder, one, two] = await Promise.all([node(0), node(1), node(2)]);
        let matching: ReturnType<typeof matchCalls>[] = [];
        await holder.transaction(async (tx) => {
          // One node has chosen from Alice's two queues, and cannot write yet …
          await tx.query('lock table legs in share mode');
          matching = [matchCalls(one, 'shop')];
          await waitingForLocks(1);
          // … when Bob becomes available, and another node matches.
          await bobComes();
          matching.push(matchCalls(two, 'shop'));
          await waitingForLocks(2);
        });
        assert.deepEqual(
          (await Promise.all(matching)).map(({ matched }) => matched),
          [1, 1],
        );
      }
      assert.deepEqual(
        (await world.offers()).map(({ call_id, agent_id }) => [call_id, agent_id]),
        [
          [first.callId, alice.id],
          [older.callId, bob.id],
        ],
      );
      await assertSound(test.db);
    });

    it('many nodes sweep: an offer is missed once', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await world.shift('legs', id, 'deadline', 21);
      await midSweep(alice.id);
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 1);
      await assertSound(test.db);
    });

    it('a double press makes one call', async () => {
      const resumeHash = randomBytes(32);
      const press = () => requestCall(test.db, { siteId: 'shop', name: 'Mei', resumeHash });
      const calls = await Promise.all([press(), press(), press(), press()]);
      assert.equal(new Set(calls.map(({ callId }) => callId)).size, 1);
      assert.equal(calls.filter(({ created }) => created).length, 1);
    });
  });
});
