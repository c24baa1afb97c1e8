import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { resumeCall } from '../../../src/server/calls/resume-call.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { sweep } from '../../../src/server/sweeps/sweep.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withQuery } from '../../support/with-query.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('the sweep', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    const lastStep = async (callId: string) => (await world.steps(callId)).at(-1);

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
      assert.equal((await world.agentRow(carol.id)).load, 1);
    });

    it('gives a missed offer to the next agent; two misses in a row make away', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      for (const status of ['available', 'away']) {
        const offer = await world.offerOf(visitor.callId);
        await world.shift('offers', offer.id, 'deadline', 21);
        await world.sweep();
        assert.equal(await lastStep(visitor.callId), 'offered→queued missed');
        assert.equal((await world.agentRow(alice.id)).status, status);
        await world.shift('offers', offer.id, 'closed_at', 11);
      }
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 2);
      assert.deepEqual(await world.match(), []);
      await setStatus(test.db, { agentId: alice.id, status: 'available' });
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
      const offer = await world.offerOf(visitor.callId);
      await acceptOffer(test.db, { offerId: offer.id, agentId: alice.id, connectionId: alice.tab });
    });

    it('takes back what it can where one of its steps fails, and rejects', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const offer = await world.offerOf(visitor.callId);
      await world.shift('offers', offer.id, 'deadline', 21);
      let reason: 'busy' | 'away' = 'away';
      const lame = withQuery(test.db, (text, values) =>
        text.includes('case when seen.here')
          ? Promise.reject(new DatabaseUnavailable(reason, new Error('no')))
          : test.db.query(text, values),
      );
      await assert.rejects(sweep(lame), /away/);
      assert.equal((await world.call(visitor.callId)).state, 'offered');
      reason = 'busy';
      await assert.rejects(sweep(lame), /busy/);
      assert.equal(await lastStep(visitor.callId), 'offered→queued missed');
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 1);
    });

    it('counts misses in a row only: an accept in between begins anew', async () => {
      const alice = await world.agent('Alice');
      const missed = await world.visitor();
      const { id } = await world.offerOf(missed.callId);
      await world.shift('offers', id, 'deadline', 21);
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
      assert.equal(await lastStep(visitor.callId), 'offered→queued agent-gone');
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
    });

    it('takes back a call whose agent accepted and did not come', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room, participant } = await world.accepted(visitor, alice);
      await world.shift('calls', visitor.callId, 'enter_by', 16);
      await world.sweep();
      assert.equal(await lastStep(visitor.callId), 'accepted→queued room-not-entered');
      const entering = enterRoom(test.db, { room, participant, connectionId: alice.tab });
      await assert.rejects(entering, { code: 'conflict' });
      assert.equal((await world.agentRow(alice.id)).load, 0);
    });

    it('takes back an accepted and a ready call whose agent is gone', async () => {
      for (const enter of [false, true]) {
        const alice = await world.agent(`agent-${enter}`);
        const visitor = await world.visitor();
        await (enter ? world.ready(visitor, alice) : world.accepted(visitor, alice));
        await closeConnection(test.db, alice.tab);
        await world.shift('agents', alice.id, 'gone_at', 6);
        await world.sweep();
        const from = enter ? 'ready' : 'accepted';
        assert.equal(await lastStep(visitor.callId), `${from}→queued agent-gone`);
        await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      }
    });

    it('gives a call that was taken back another room', async () => {
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

    it('keeps the place of a call that was taken back', async () => {
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
      for (const { id } of agents) assert.equal((await world.agentRow(id)).load, 0);
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

    it('ends a wrap-up in time', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await world.sweep();
      assert.notEqual((await world.agentRow(alice.id)).wrap_up_call, null);
      await world.shift('agents', alice.id, 'wrap_up_until', 31);
      await world.sweep();
      assert.equal((await world.agentRow(alice.id)).wrap_up_call, null);
    });

    it('declares a silent node dead: its agents and visitors are gone, ringing stops at once', async () => {
      const node = randomUUID();
      await registerNode(test.db, node);
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.match();
      await test.db.query('update connections set node_id = $1', [node]);
      await world.shift('nodes', node, 'heartbeat_at', 11);
      await world.sweep();
      assert.equal(await lastStep(visitor.callId), 'offered→queued agent-gone');
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

    it('gives an agent the grace as well, where it was the only server', async () => {
      const [alice, bob] = [await world.agent('Alice'), await world.agent('Bob')];
      const [ready, rings] = [await world.visitor(), await world.visitor()];
      await world.ready(ready, alice);
      await world.offerOf(rings.callId);
      const next = randomUUID();
      await registerNode(test.db, next);
      await world.sweep(next);
      const states = async () => [
        (await world.call(ready.callId)).state,
        (await world.call(rings.callId)).state,
      ];
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

    it('sets right what two sockets that closed in one moment left open', async () => {
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
      const visitor = await world.visitor();
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
      await world.sweep();
      const { rows } = await test.db.query('select resume_hash from calls');
      assert.deepEqual(rows, [{ resume_hash: null }]);
    });
  });
});
