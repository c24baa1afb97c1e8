import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { recordPresenceReport } from '../../../src/server/tencent/record-presence-report.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { resumeCall } from '../../../src/server/calls/resume-call.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { sweep } from '../../../src/server/sweeps/sweep.ts';
import { sweepCalls } from '../../../src/server/sweeps/sweep-calls.ts';
import { sweepLegs } from '../../../src/server/sweeps/sweep-legs.ts';
import { sweepNodes } from '../../../src/server/sweeps/sweep-nodes.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withQuery } from '../../support/with-query.ts';
import { CallWorld } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';

describe('the sweep', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    afterEach(() => assertSound(test.db));
    /** The last event of a call besides that it is queued again. */
    const lastStep = async (callId: string) =>
      (await world.events(callId)).filter((event) => event !== 'queued').at(-1);
    const state = async (callId: string) => (await world.call(callId)).state;
    const isFree = async (agentId: string) => (await world.activeLeg(agentId)) === null;

    it('leaves alone what is in time', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const carol = await world.agent('Carol');
      const connected = await world.visitor();
      await world.connected(connected, alice);
      const ready = await world.visitor();
      await world.ready(ready, bob);
      const offered = await world.visitor();
      await world.offerOf(offered.callId);
      const queued = await world.visitor();
      await world.sweep();
      const states = await Promise.all(
        [connected, ready, offered, queued].map(
          async ({ callId }) => (await world.call(callId)).state,
        ),
      );
      assert.deepEqual(states, ['connected', 'ready', 'offered', 'queued']);
      assert.equal((await world.activeLeg(carol.id))?.state, 'offered');
    });

    it('puts a missed offer back into the queue; after two misses in a row the agent is away', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      for (const status of ['available', 'away']) {
        const offer = await world.offerOf(visitor.callId);
        await world.shift('legs', offer.id, 'deadline', 21);
        await world.sweep();
        assert.equal(await lastStep(visitor.callId), 'offer-missed missed');
        assert.equal((await world.agentRow(alice.id)).status, status);
        await world.shift('legs', offer.id, 'closed_at', 11);
      }
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 2);
      assert.deepEqual(await world.match(), []);
      await setStatus(test.db, { agentId: alice.id, status: 'available' });
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
      const offer = await world.offerOf(visitor.callId);
      await acceptOffer(test.db, { legId: offer.id, agentId: alice.id, connectionId: alice.tab });
    });

    it('does the other steps if one of them fails, and rejects', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const offer = await world.offerOf(visitor.callId);
      await world.shift('legs', offer.id, 'deadline', 21);
      let reason: 'busy' | 'away' = 'away';
      const lame = withQuery(test.db, (text, values) =>
        text.includes('set visitor_gone_at')
          ? Promise.reject(new DatabaseUnavailable(reason, new Error('no')))
          : test.db.query(text, values),
      );
      await assert.rejects(sweep(lame), /away/);
      assert.equal((await world.call(visitor.callId)).state, 'offered');
      reason = 'busy';
      await assert.rejects(sweep(lame), /busy/);
      assert.equal(await lastStep(visitor.callId), 'offer-missed missed');
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 1);
    });

    it('counts misses in a row only: an accept in between begins anew', async () => {
      const alice = await world.agent('Alice');
      const missed = await world.visitor();
      const { id } = await world.offerOf(missed.callId);
      await world.shift('legs', id, 'deadline', 21);
      await world.sweep();
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 1);
      const other = await world.visitor();
      await world.accepted(other, alice);
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
    });

    it('withdraws a ringing offer 3 s after the agent went', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.match();
      await closeConnection(test.db, alice.tab);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).state, 'offered');
      await world.shift('agents', alice.id, 'gone_at', 4);
      await world.sweep();
      assert.equal(await lastStep(visitor.callId), 'offer-withdrawn agent-gone');
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
    });

    it('puts back a call whose agent accepted and did not come', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { legId, room, participant } = await world.accepted(visitor, alice);
      await world.shift('legs', legId, 'deadline', 16);
      await world.sweep();
      assert.equal(await lastStep(visitor.callId), 'offer-withdrawn room-not-entered');
      const entering = enterRoom(test.db, { room, participant, connectionId: alice.tab });
      await assert.rejects(entering, { code: 'conflict' });
      assert.equal(await isFree(alice.id), true);
    });

    it('puts back an accepted and a ready call whose agent is gone', async () => {
      for (const enter of [false, true]) {
        const alice = await world.agent(`agent-${enter}`);
        const visitor = await world.visitor();
        await (enter ? world.ready(visitor, alice) : world.accepted(visitor, alice));
        await closeConnection(test.db, alice.tab);
        await world.shift('agents', alice.id, 'gone_at', 6);
        await world.sweep();
        assert.equal(await lastStep(visitor.callId), 'offer-withdrawn agent-gone');
        assert.equal(await state(visitor.callId), 'queued');
        await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      }
    });

    it('gives a call that was put back another room', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const first = await world.ready(visitor, alice);
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'gone_at', 6);
      await world.sweep();
      const bob = await world.agent('Bob');
      const second = await world.connected(visitor, bob);
      assert.notEqual(second.room, first.room);
    });

    it('keeps the place of a call that was put back', async () => {
      const alice = await world.agent('Alice');
      const first = await world.visitor();
      await world.accepted(first, alice);
      const second = await world.visitor();
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'gone_at', 6);
      await world.sweep();
      await world.agent('Bob');
      assert.deepEqual(
        (await world.match()).map(({ call_id }) => call_id),
        [first.callId],
      );
      assert.equal((await world.call(second.callId)).state, 'queued');
    });

    it('ends a connected call when the agent was gone for a minute, not before', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'gone_at', 55);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).state, 'connected');
      await world.shift('agents', alice.id, 'gone_at', 6);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).ended_reason, 'agent-gone');
    });

    it('ends a call when the visitor was gone for a minute, in each state', async () => {
      const agents = [
        await world.agent('A'),
        await world.agent('B'),
        await world.agent('C'),
      ] as const;
      const connected = await world.visitor();
      await world.connected(connected, agents[0]);
      const ready = await world.visitor();
      await world.ready(ready, agents[1]);
      const accepted = await world.visitor();
      await world.accepted(accepted, agents[2]);
      const queued = await world.visitor();
      const all = [connected, ready, accepted, queued];
      for (const { callId, connection } of all) {
        await closeConnection(test.db, connection);
        await world.shift('calls', callId, 'requested_at', 120);
        await world.shift('calls', callId, 'visitor_gone_at', 55);
      }
      await world.sweep();
      assert.ok((await world.call(queued.callId)).state === 'queued');
      for (const { callId } of all) await world.shift('calls', callId, 'visitor_gone_at', 6);
      await world.sweep();
      const reasons = await Promise.all(
        all.map(async ({ callId }) => (await world.call(callId)).ended_reason),
      );
      assert.deepEqual(reasons, ['visitor-gone', 'visitor-gone', 'abandoned', 'abandoned']);
      for (const { id } of agents) assert.equal(await isFree(id), true);
    });

    it('lets a visitor who came back in time keep the call', async () => {
      const visitor = await world.visitor();
      await closeConnection(test.db, visitor.connection);
      await world.shift('calls', visitor.callId, 'visitor_gone_at', 59);
      const back = await resumeCall(test.db, { siteId: 'shop', resumeHash: visitor.resumeHash });
      assert.deepEqual(back, {
        callId: visitor.callId,
        ended: false,
        room: null,
        participant: null,
      });
      await world.visitorSocket(visitor.callId);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).visitor_gone_at, null);
    });

    it('ends a call that the visitor, though there, does not enter', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.ready(visitor, alice);
      await world.shift('calls', visitor.callId, 'enter_by', 61);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).ended_reason, 'media-failed');
    });

    it('ends a wrap-up in time, and the agent is idle from then on', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { legId } = await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await world.sweep();
      assert.equal((await world.leg(legId)).state, 'left');
      await world.shift('legs', legId, 'wrap_up_until', 31);
      await world.shift('agents', alice.id, 'idle_since', 60);
      await world.sweep();
      assert.equal((await world.leg(legId)).state, 'closed');
      const { rows } = await test.db.query<{ idle: number }>(
        'select extract(epoch from now() - idle_since)::float8 as idle from agents',
      );
      assert.ok((rows[0]?.idle ?? 60) < 60);
    });

    it('declares a silent node dead: its agents and visitors are gone, and offers are withdrawn at once', async () => {
      const node = randomUUID();
      await registerNode(test.db, node);
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.match();
      await test.db.query('update connections set node_id = $1', [node]);
      await world.shift('nodes', node, 'heartbeat_at', 11);
      await world.sweep();
      assert.equal(await lastStep(visitor.callId), 'offer-withdrawn agent-gone');
      assert.notEqual((await world.call(visitor.callId)).visitor_gone_at, null);
      assert.notEqual((await world.agentRow(alice.id)).gone_at, null);
    });

    it('lets nobody act through a connection of a dead node', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.accepted(visitor, alice);
      await world.shift('nodes', test.nodeId, 'heartbeat_at', 11);
      await world.sweep();
      const entering = enterRoom(test.db, { room, participant, connectionId: alice.tab });
      await assert.rejects(entering, { code: 'conflict' });
      await assert.rejects(world.tab(alice.id), { code: 'server-error' });
    });

    it('gives a visitor the whole grace after a server that was killed and started again', async () => {
      const visitor = await world.visitor();
      await world.shift('nodes', test.nodeId, 'heartbeat_at', 600);
      const next = randomUUID();
      await registerNode(test.db, next);
      await world.sweep(next);
      assert.equal((await world.call(visitor.callId)).state, 'queued');
    });

    it('gives an agent the grace as well if the dead node was the only server', async () => {
      const [alice, bob] = [await world.agent('Alice'), await world.agent('Bob')];
      const [ready, rings] = [await world.visitor(), await world.visitor()];
      await world.ready(ready, alice);
      await world.offerOf(rings.callId);
      const next = randomUUID();
      await registerNode(test.db, next);
      await world.sweep(next);
      const states = async () => [await state(ready.callId), await state(rings.callId)];
      assert.deepEqual(await states(), ['ready', 'offered']);
      for (const { id } of [alice, bob]) await world.shift('agents', id, 'gone_at', 6);
      await world.sweep(next);
      assert.deepEqual(await states(), ['queued', 'queued']);
    });

    it('on an embedded database takes every other node for dead at once', async () => {
      const alice = await world.agent('Alice');
      const next = randomUUID();
      await registerNode(test.db, next);
      await world.sweep(next);
      assert.notEqual((await world.agentRow(alice.id)).gone_at, null);
      const { rows } = await test.db.query<{ id: string }>('select id from nodes');
      assert.deepEqual(rows, [{ id: next }]);
    });

    it('ends at once the wait for somebody whose media TRTC has lost, too', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.connected(visitor, alice);
      await test.db.query(`update rooms set provider = 'trtc'`);
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'gone_at', 6);
      const report = (reported: 'left' | 'vanished', at: number) =>
        recordPresenceReport(test.db, { room, participant, reported, at });
      // An agent who left without a fault may be loading the page again.
      await report('left', 1);
      await world.sweep();
      assert.equal(await state(visitor.callId), 'connected');
      await report('vanished', 2);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).ended_reason, 'agent-gone');
    });

    it('takes nothing back if no server ran until now', async () => {
      const alice = await world.agent('Alice');
      const [offered, waiting] = [await world.visitor(), await world.visitor()];
      const { id } = await world.offerOf(offered.callId);
      await world.shift('legs', id, 'deadline', 21);
      await closeConnection(test.db, waiting.connection);
      await world.shift('calls', waiting.callId, 'visitor_gone_at', 61);
      await world.shift('nodes', test.nodeId, 'heartbeat_at', 11);
      // As if this process had been stopped for a minute right after it recorded that it runs.
      const asleep = withQuery(test.db, async (text, values) => {
        await test.db.query(`update service_heartbeat set at = now() - interval '1 minute'`);
        return test.db.query(text, values);
      });
      for (const step of [
        () => sweepNodes(asleep, null),
        () => sweepCalls(asleep),
        () => sweepLegs(asleep, [alice.id]),
      ]) {
        await step();
      }
      assert.deepEqual(
        [await state(offered.callId), await state(waiting.callId)],
        ['offered', 'queued'],
      );
      assert.equal((await test.db.query('select id from nodes')).rowCount, 1);
    });

    it('waits for no call that another transaction has locked', async () => {
      // PGlite has one connection, so that nobody else can hold a lock.
      if (test.kind === 'PGlite') return;
      const [alice, bob] = [await world.agent('Alice'), await world.agent('Bob')];
      const calls = [await world.visitor(), await world.visitor()] as const;
      const left = await world.visitor();
      const offers = await world.match();
      for (const { id } of offers) await world.shift('legs', id, 'deadline', 21);
      await closeConnection(test.db, left.connection);
      await world.shift('calls', left.callId, 'visitor_gone_at', 61);
      const holder = await test.another();
      await holder.transaction(async (tx) => {
        await tx.query('select from calls where id = any ($1::uuid[]) for update', [
          [calls[0].callId, left.callId],
        ]);
        await world.sweep();
        assert.deepEqual(await Promise.all(calls.map(({ callId }) => state(callId))), [
          'offered',
          'queued',
        ]);
      });
      await world.sweep();
      assert.equal(await state(calls[0].callId), 'queued');
      assert.equal((await world.call(left.callId)).ended_reason, 'abandoned');
      for (const { id } of [alice, bob]) assert.equal(await isFree(id), true);
    });

    it('corrects who is gone after two sockets closed in one moment', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await test.db.query('delete from connections');
      await world.sweep();
      assert.notEqual((await world.agentRow(alice.id)).gone_at, null);
      assert.notEqual((await world.call(visitor.callId)).visitor_gone_at, null);
      await world.tab(alice.id);
      await test.db.query('update agents set gone_at = now()');
      await world.sweep();
      assert.equal((await world.agentRow(alice.id)).gone_at, null);
    });

    it('tells a visitor who comes back how the call ended, for ten minutes', async () => {
      const visitor = await world.visitor({ addressHash: 7n });
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await world.sweep();
      const asked = { siteId: 'shop', resumeHash: visitor.resumeHash };
      assert.deepEqual(await resumeCall(test.db, asked), {
        callId: visitor.callId,
        ended: true,
        room: null,
        participant: null,
      });
      await world.shift('calls', visitor.callId, 'ended_at', 601);
      assert.equal(await resumeCall(test.db, asked), null);
      await test.db.query(
        `update calls set hand_over_hash = 'a', hand_over_until = now(), former_resume_hash = 'b'`,
      );
      await world.sweep();
      const { rows } = await test.db.query(
        `select resume_hash, address_hash, hand_over_hash, hand_over_until, former_resume_hash from calls`,
      );
      assert.deepEqual(Object.values(rows[0]!), [null, null, null, null, null]);
    });
  });
});
