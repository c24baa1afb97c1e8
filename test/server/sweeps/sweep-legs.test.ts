import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { LegKind } from '../../../src/protocol/views.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { acceptOffer, type AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
import { offerLeg } from '../../../src/server/legs/offer-leg.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { assertSound } from '../calls/sound-state.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';

describe('the sweep of a call with several agents', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    let bob: TestAgent;
    let visitor: TestVisitor;
    let first: AcceptedLeg;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      visitor = await world.visitor();
      first = await world.connected(visitor, alice);
      bob = await world.agent('Bob');
    });

    const offer = (kind: Exclude<LegKind, 'first'> = 'conference', agent = bob) =>
      offerLeg(test.db, {
        callId: visitor.callId,
        agentId: agent.id,
        kind,
        fromLegId: first.legId,
        reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
      });
    const accept = async (kind?: Exclude<LegKind, 'first'>, agent = bob) =>
      acceptOffer(test.db, {
        legId: await offer(kind, agent),
        agentId: agent.id,
        connectionId: agent.tab,
      });
    async function join(kind?: Exclude<LegKind, 'first'>, agent = bob): Promise<AcceptedLeg> {
      const accepted = await accept(kind, agent);
      await enterRoom(test.db, { ...accepted, connectionId: agent.tab });
      return accepted;
    }
    async function gone(agent: TestAgent, seconds: number): Promise<void> {
      await closeConnection(test.db, agent.tab);
      await world.shift('agents', agent.id, 'gone_at', seconds);
    }
    const call = () => world.call(visitor.callId);
    const leg = async (legId: string) => {
      const { state, end_reason } = await world.leg(legId);
      return [state, end_reason];
    };

    it('ends a further leg that is not accepted in time, and the call goes on', async () => {
      const legId = await offer('transfer');
      await world.shift('legs', legId, 'deadline', 21);
      await world.sweep();
      assert.deepEqual(await leg(legId), ['missed', 'missed']);
      assert.equal((await world.agentRow(bob.id)).missed_in_row, 1);
      assert.deepEqual(await leg(first.legId), ['joined', null]);
      assert.equal((await call()).state, 'connected');
      await assertSound(test.db);
    });

    it('ends a further leg whose agent accepted and does not enter', async () => {
      const { legId } = await accept();
      await world.shift('legs', legId, 'deadline', 16);
      await world.sweep();
      assert.deepEqual(await leg(legId), ['withdrawn', 'room-not-entered']);
      assert.equal((await call()).state, 'connected');
    });

    it('withdraws a further offer from an agent who is no longer available, or gone for 3 s', async () => {
      const unavailable = await offer();
      await setStatus(test.db, { agentId: bob.id, status: 'break' });
      assert.deepEqual(await leg(unavailable), ['withdrawn', 'agent-unavailable']);
      const carol = await world.agent('Carol');
      const left = await offer('conference', carol);
      await gone(carol, 2);
      await world.sweep();
      assert.deepEqual(await leg(left), ['offered', null]);
      await world.shift('agents', carol.id, 'gone_at', 2);
      await world.sweep();
      assert.deepEqual(await leg(left), ['withdrawn', 'agent-gone']);
      assert.equal((await call()).owner_leg_id, first.legId);
    });

    it('lets an agent who is gone for a minute leave, if another talks', async () => {
      const { legId } = await join();
      await gone(bob, 55);
      await world.sweep();
      assert.deepEqual(await leg(legId), ['joined', null]);
      await world.shift('agents', bob.id, 'gone_at', 6);
      await world.sweep();
      assert.deepEqual(await leg(legId), ['left', 'agent-gone']);
      const { state, owner_leg_id } = await call();
      assert.deepEqual([state, owner_leg_id], ['connected', first.legId]);
    });

    it('makes another agent the owner if the owner is gone, and ends the call with the last one', async () => {
      const { legId } = await join();
      await gone(alice, 61);
      await world.sweep();
      assert.deepEqual(await leg(first.legId), ['left', 'agent-gone']);
      const { state, owner_leg_id } = await call();
      assert.deepEqual([state, owner_leg_id], ['connected', legId]);
      assert.deepEqual((await world.events(visitor.callId)).slice(-2), [
        'agent-left agent-gone',
        'owner-changed',
      ]);
      await assertSound(test.db);
      await gone(bob, 61);
      await world.sweep();
      assert.equal((await call()).ended_reason, 'agent-gone');
      await assertSound(test.db);
    });

    it('passes over a second agent who is gone, too', async () => {
      await join();
      const carol = await world.agent('Carol');
      const third = await join('conference', carol);
      await gone(alice, 61);
      await gone(bob, 61);
      await world.sweep();
      const { state, owner_leg_id } = await call();
      assert.deepEqual([state, owner_leg_id], ['connected', third.legId]);
      assert.equal(await world.activeLeg(bob.id), null);
    });

    it('ends the call if all its agents are gone at once', async () => {
      await join();
      await gone(alice, 61);
      await gone(bob, 61);
      await world.sweep();
      assert.equal((await call()).ended_reason, 'agent-gone');
      for (const { id } of [alice, bob]) assert.equal(await world.activeLeg(id), null);
    });

    it('does not count somebody who monitors as an agent in the call', async () => {
      const { legId } = await join('monitor');
      await gone(alice, 61);
      await world.sweep();
      assert.equal((await call()).ended_reason, 'agent-gone');
      assert.deepEqual(await leg(legId), ['closed', 'call-ended']);
    });
  });
});
