import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { acceptOffer, type AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
import { closeLeg } from '../../../src/server/legs/close-leg.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { leaveLeg } from '../../../src/server/legs/leave-leg.ts';
import { offerLeg } from '../../../src/server/legs/offer-leg.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';

describe('a call with two legs', () => {
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

    const offer = (kind: 'transfer' | 'conference' = 'transfer', agent = bob) =>
      offerLeg(test.db, {
        callId: visitor.callId,
        agentId: agent.id,
        kind,
        fromLegId: first.legId,
        reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
      });
    const accept = (legId: string) =>
      acceptOffer(test.db, { legId, agentId: bob.id, connectionId: bob.tab });
    const join = async () => {
      const second = await accept(await offer());
      await enterRoom(test.db, { ...second, connectionId: bob.tab });
      return second;
    };

    /** The agents who are in the visitor's room. */
    async function agentsInside(): Promise<string[]> {
      const { rows } = await test.db.query<{ name: string }>(
        `select p.name from participants p join rooms r on r.number = p.room
          where p.room = $1 and p.role = 'agent' and p.entered_at is not null and p.left_at is null
            and r.closed_at is null order by p.name`,
        [first.room],
      );
      return rows.map(({ name }) => name);
    }

    it('goes from one agent to the other, and the visitor is never alone', async () => {
      const legId = await offer();
      assert.equal((await world.leg(legId)).state, 'offered');
      assert.deepEqual(await agentsInside(), ['Alice']);

      const second = await accept(legId);
      assert.equal(second.room, first.room);
      assert.equal((await world.call(visitor.callId)).owner_leg_id, first.legId);
      assert.deepEqual(await agentsInside(), ['Alice']);

      await enterRoom(test.db, { ...second, connectionId: bob.tab });
      assert.equal((await world.leg(legId)).state, 'joined');
      assert.deepEqual(await agentsInside(), ['Alice', 'Bob']);

      assert.equal(await leaveLeg(test.db, { legId: first.legId, reason: 'transferred' }), true);
      assert.deepEqual(await agentsInside(), ['Bob']);
      assert.equal((await world.leg(first.legId)).state, 'left');
      const call = await world.call(visitor.callId);
      assert.equal(call.state, 'connected');
      assert.equal(call.owner_leg_id, legId);
      assert.equal(call.room, first.room);
      assert.deepEqual((await world.events(visitor.callId)).slice(5), [
        'connected',
        'offered',
        'accepted',
        'agent-joined',
        'agent-left transferred',
        'owner-changed',
      ]);
      await assertSound(test.db);

      await endCall(test.db, { callId: visitor.callId, by: { role: 'agent', agentId: bob.id } });
      assert.equal((await world.call(visitor.callId)).ended_reason, 'agent-ended');
      await assertSound(test.db);
    });

    it('keeps the last agent with the visitor', async () => {
      assert.equal(await leaveLeg(test.db, { legId: first.legId, reason: 'agent-left' }), false);
      const second = await accept(await offer());
      // Bob has accepted and is not inside yet.
      assert.equal(await leaveLeg(test.db, { legId: first.legId, reason: 'agent-left' }), false);
      await enterRoom(test.db, { ...second, connectionId: bob.tab });
      assert.equal(await leaveLeg(test.db, { legId: first.legId, reason: 'agent-left' }), true);
      assert.equal(await leaveLeg(test.db, { legId: second.legId, reason: 'agent-left' }), false);
      assert.deepEqual(await agentsInside(), ['Bob']);
    });

    it('goes on when one of two agents ends it, and ends with the last', async () => {
      await join();
      const end = (agent: TestAgent) =>
        endCall(test.db, { callId: visitor.callId, by: { role: 'agent', agentId: agent.id } });
      assert.equal(await end(alice), true);
      assert.equal((await world.call(visitor.callId)).state, 'connected');
      assert.deepEqual(await agentsInside(), ['Bob']);
      assert.equal(await end(alice), false);
      assert.equal(await end(bob), true);
      assert.equal((await world.call(visitor.callId)).state, 'ended');
      await assertSound(test.db);
    });

    it('ends for both agents when the visitor leaves, each with a wrap-up', async () => {
      const second = await join();
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      for (const legId of [first.legId, second.legId]) {
        assert.equal((await world.leg(legId)).state, 'left');
      }
      await assertSound(test.db);
    });

    it('stays with the first agent when the second declines or does not answer', async () => {
      await declineOffer(test.db, { legId: await offer(), agentId: bob.id });
      const again = await offer();
      assert.equal(
        await closeLeg(test.db, { legId: again, state: 'missed', reason: 'missed' }),
        true,
      );
      const call = await world.call(visitor.callId);
      assert.equal(call.state, 'connected');
      assert.equal(call.owner_leg_id, first.legId);
      assert.equal(await world.activeLeg(bob.id), null);
      assert.deepEqual((await world.events(visitor.callId)).slice(6), [
        'offered',
        'offer-declined declined',
        'offered',
        'offer-missed missed',
      ]);
      await assertSound(test.db);
    });

    it('is offered to one agent at a time, and never to a busy one', async () => {
      await offer();
      const carol = await world.agent('Carol');
      await assert.rejects(offer('conference', carol), { code: 'conflict' });
      await assert.rejects(offer('conference', alice), { code: 'conflict' });
    });

    it('is not offered to an agent of another site, or from a leg of another call', async () => {
      await test.db.query(`insert into sites (id, name) values ('other', 'Other')`);
      const { rows } = await test.db.query<{ id: string }>(
        `insert into agents (site_id, username, name) values ('other', 'Mallory', 'Mallory') returning id`,
      );
      const mallory = { id: rows[0]?.id ?? '', name: 'Mallory', tab: '' };
      await assert.rejects(offer('transfer', mallory), { code: 'conflict' });
      const other = await world.visitor();
      const dan = await world.agent('Dan');
      await world.connected(other, bob);
      const foreign = offerLeg(test.db, {
        callId: other.callId,
        agentId: dan.id,
        kind: 'transfer',
        fromLegId: first.legId,
        reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
      });
      await assert.rejects(foreign, { code: 'conflict' });
    });
  });
});
