import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { leaveRoom } from '../../../src/server/rooms/leave-room.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from './call-world.ts';

describe("a call's life", () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });

    it('goes from the press to the end, and logs an event for each step', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      assert.equal((await world.call(visitor.callId)).state, 'connected');
      await endCall(test.db, { callId: visitor.callId, by: { role: 'agent', agentId: alice.id } });
      assert.deepEqual(await world.events(visitor.callId), [
        'created',
        'queued',
        'offered',
        'accepted',
        'ready',
        'connected',
        'ended agent-ended',
      ]);
      assert.equal((await world.call(visitor.callId)).epoch, 5);
    });

    it('has no participant for the visitor before the agent is in the room', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      assert.equal((await world.call(visitor.callId)).room, null);
      const { room, participant } = await world.accepted(visitor, alice);
      await assert.rejects(world.visitorParticipant(room), /0 participants/);
      const entered = await enterRoom(test.db, { room, participant, connectionId: alice.tab });
      assert.deepEqual(entered, {
        callId: visitor.callId,
        state: 'ready',
        lastSequence: 0,
        readMarks: [],
        ownParticipants: [participant],
        drawn: false,
      });
      assert.match(await world.visitorParticipant(room), /^[A-Za-z0-9_-]{22}$/);
    });

    it('belongs to the leg that accepted it', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { legId } = await world.accepted(visitor, alice);
      assert.equal((await world.call(visitor.callId)).owner_leg_id, legId);
      assert.equal((await world.activeLeg(alice.id))?.id, legId);
    });

    it('is entered again without a change after a reconnect', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.connected(visitor, alice);
      const { epoch } = await world.call(visitor.callId);
      const tab = await world.tab(alice.id);
      const again = await enterRoom(test.db, { room, participant, connectionId: tab });
      assert.equal(again.state, 'connected');
      assert.equal((await world.call(visitor.callId)).epoch, epoch);
      await world.visitorParticipant(room);
    });

    it('keeps its place when an agent declines, and goes to the next agent', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const visitor = await world.visitor();
      const first = await world.offerOf(visitor.callId);
      assert.equal(first.agent_id, alice.id);
      await declineOffer(test.db, { legId: first.id, agentId: alice.id });
      const second = await world.offerOf(visitor.callId);
      assert.equal(second.agent_id, bob.id);
      assert.equal(await world.activeLeg(alice.id), null);
      assert.equal((await world.leg(first.id)).state, 'declined');
      await assert.rejects(declineOffer(test.db, { legId: first.id, agentId: alice.id }), {
        code: 'conflict',
      });
    });

    it('comes back to the only agent who declined it, but not at once', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const first = await world.offerOf(visitor.callId);
      await declineOffer(test.db, { legId: first.id, agentId: alice.id });
      assert.deepEqual(await world.match(), []);
      const other = await world.visitor();
      assert.equal((await world.offerOf(other.callId)).agent_id, alice.id);
      await endCall(test.db, { callId: other.callId, by: { role: 'visitor' } });
      await world.shift('legs', first.id, 'closed_at', 61);
      assert.equal((await world.offerOf(visitor.callId)).reason.code, 'after-refusals');
    });

    it('is accepted only by the agent it is offered to, and in time', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      const accept = (agentId: string, connectionId: string) =>
        acceptOffer(test.db, { legId: id, agentId, connectionId });
      await assert.rejects(accept(bob.id, bob.tab), { code: 'conflict' });
      await assert.rejects(accept(alice.id, bob.tab), { code: 'conflict' });
      await world.shift('legs', id, 'deadline', 21);
      await assert.rejects(accept(alice.id, alice.tab), { code: 'conflict' });
    });

    it('ends as cancelled before the agent is there, as visitor-ended after', async () => {
      const alice = await world.agent('Alice');
      const queued = await world.visitor();
      await endCall(test.db, { callId: queued.callId, by: { role: 'visitor' } });
      assert.equal((await world.call(queued.callId)).ended_reason, 'cancelled');
      const offered = await world.visitor();
      const offer = await world.offerOf(offered.callId);
      await endCall(test.db, { callId: offered.callId, by: { role: 'visitor' } });
      assert.equal((await world.call(offered.callId)).ended_reason, 'cancelled');
      const accept = acceptOffer(test.db, {
        legId: offer.id,
        agentId: alice.id,
        connectionId: alice.tab,
      });
      await assert.rejects(accept, { code: 'conflict' });
      const accepted = await world.visitor();
      const { legId } = await world.accepted(accepted, alice);
      await endCall(test.db, { callId: accepted.callId, by: { role: 'visitor' } });
      assert.equal((await world.call(accepted.callId)).ended_reason, 'cancelled');
      assert.equal((await world.leg(legId)).state, 'withdrawn');
      const ready = await world.visitor();
      await world.ready(ready, alice);
      await endCall(test.db, { callId: ready.callId, by: { role: 'visitor' } });
      assert.equal((await world.call(ready.callId)).ended_reason, 'visitor-ended');
      assert.equal(await world.activeLeg(alice.id), null);
    });

    it('is ended once: a second end, or one by a foreign agent, changes nothing', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      const by = { role: 'agent', agentId: bob.id } as const;
      assert.equal(await endCall(test.db, { callId: visitor.callId, by }), false);
      const end = () => endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      assert.equal(await end(), true);
      assert.equal(await end(), false);
    });

    it('closes its room at the end: nobody can enter any more', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.ready(visitor, alice);
      const visitors = await world.visitorParticipant(room);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      for (const [who, connectionId] of [
        [participant, alice.tab],
        [visitors, visitor.connection],
      ] as const) {
        const entering = enterRoom(test.db, { room, participant: who, connectionId });
        await assert.rejects(entering, { code: 'conflict' });
      }
    });

    it('gives the agent a wrap-up, in which no call comes, until it is finished', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob', ['service']);
      const visitor = await world.visitor();
      const { legId } = await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      assert.equal((await world.leg(legId)).state, 'left');
      await world.visitor();
      assert.deepEqual(await world.match(), []);
      await finishWrapUp(test.db, { agentId: bob.id, legId });
      assert.deepEqual(await world.match(), []);
      await finishWrapUp(test.db, { agentId: alice.id, legId });
      assert.equal((await world.leg(legId)).state, 'closed');
      assert.equal((await world.match()).length, 1);
    });

    it('goes by priority, then age, over all groups of an agent', async () => {
      const late = await world.visitor({ skill: 'sales' });
      const early = await world.visitor({ skill: 'service' });
      await world.shift('calls', early.callId, 'requested_at', 60);
      const urgent = await world.visitor({ skill: 'sales', priority: 9 });
      const order: string[] = [];
      const alice = await world.agent('Alice', ['sales', 'service']);
      for (let i = 0; i < 3; i += 1) {
        const [offer] = await world.match();
        order.push(offer?.call_id ?? '');
        await endCall(test.db, { callId: offer?.call_id ?? '', by: { role: 'visitor' } });
      }
      assert.deepEqual(order, [urgent.callId, early.callId, late.callId]);
      assert.equal(await world.activeLeg(alice.id), null);
    });

    it('goes only to agents of its group who are available, enabled and present', async () => {
      await world.agent('Alice', ['service']);
      const onBreak = await world.agent('Bob');
      await setStatus(test.db, { agentId: onBreak.id, status: 'break' });
      const gone = await world.agent('Carol');
      await test.db.query('delete from connections where id = $1', [gone.tab]);
      const disabled = await world.agent('Erin');
      await test.db.query('update agents set disabled_at = now() where id = $1', [disabled.id]);
      await world.visitor({ skill: 'sales' });
      assert.deepEqual(await world.match(), []);
      const there = await world.agent('Dan');
      assert.deepEqual(
        (await world.match()).map(({ agent_id }) => agent_id),
        [there.id],
      );
    });

    it('goes to no agent whose node has no heartbeat any more', async () => {
      await world.agent('Alice');
      await world.visitor();
      await world.shift('nodes', test.nodeId, 'heartbeat_at', 11);
      assert.deepEqual(await world.match(), []);
    });

    it('matches many at once, each agent to one call, the oldest calls first', async () => {
      const calls: string[] = [];
      for (let i = 0; i < 12; i += 1) calls.push((await world.visitor()).callId);
      for (let i = 0; i < 8; i += 1) await world.agent(`agent-${i}`);
      const offers = await world.match();
      assert.equal(new Set(offers.map(({ agent_id }) => agent_id)).size, 8);
      assert.deepEqual(new Set(offers.map(({ call_id }) => call_id)), new Set(calls.slice(0, 8)));
    });

    it('is withdrawn from an agent who takes a break while it rings', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.match();
      await setStatus(test.db, { agentId: alice.id, status: 'break' });
      assert.equal((await world.call(visitor.callId)).state, 'queued');
      assert.equal(await world.activeLeg(alice.id), null);
      assert.deepEqual((await world.events(visitor.callId)).slice(-2), [
        'offer-withdrawn agent-unavailable',
        'queued',
      ]);
    });

    it('counts a participant as left, once', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.connected(visitor, alice);
      await leaveRoom(test.db, { room, participant });
      await leaveRoom(test.db, { room, participant });
      const entering = enterRoom(test.db, { room, participant, connectionId: alice.tab });
      await assert.rejects(entering, { code: 'conflict' });
    });

    it('has a log that nothing changes or deletes', async () => {
      const visitor = await world.visitor();
      const refused = { code: '23001' };
      await assert.rejects(test.db.query(`update call_events set type = 'ended'`), refused);
      await assert.rejects(test.db.query('delete from call_events'), refused);
      await assert.rejects(test.db.query('truncate call_events'), refused);
      await assert.rejects(
        test.db.query('delete from calls where id = $1', [visitor.callId]),
        refused,
      );
      assert.deepEqual(await world.events(visitor.callId), ['created', 'queued']);
    });

    it('is deleted with its site, and with everything that belongs to it, by retention alone', async () => {
      const alice = await world.agent('Alice');
      await world.connected(await world.visitor({ externalId: 'u1' }), alice);
      await test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query('set constraints all deferred');
        await tx.query(`delete from sites where id = 'shop'`);
      });
      const tables = 'calls legs rooms participants call_events visitors agents'.split(' ');
      for (const table of tables) {
        assert.equal((await test.db.query(`select from ${table}`)).rowCount, 0, table);
      }
    });

    it('is guarded by the schema: one offer of a call, one active leg of an agent', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.match();
      const bob = await world.agent('Bob');
      const other = await world.visitor();
      const offer = (callId: string, agentId: string) =>
        test.db.query(
          `insert into legs (call_id, agent_id, site_id, group_id, reason, deadline)
           values ($1, $2, 'shop', 'sales', '{}', now())`,
          [callId, agentId],
        );
      await assert.rejects(offer(visitor.callId, bob.id), { code: '23505' });
      await assert.rejects(offer(other.callId, alice.id), { code: '23505' });
      await offer(other.callId, bob.id);
    });
  });
});
