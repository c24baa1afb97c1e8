import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { takeCharge } from '../../../src/server/agents/activate-tab.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('presence', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    const inCharge = async (agentId: string) => {
      const { rows } = await test.db.query<{ id: string }>(
        'select id from connections where agent_id = $1 and in_charge',
        [agentId],
      );
      return rows.map(({ id }) => id);
    };

    it('puts the first tab in charge, and lets another take it', async () => {
      const alice = await world.agent('Alice');
      const second = await world.tab(alice.id);
      assert.deepEqual(await inCharge(alice.id), [alice.tab]);
      await takeCharge(test.db, { agentId: alice.id, connectionId: second });
      assert.deepEqual(await inCharge(alice.id), [second]);
    });

    it('lets no tab of another agent take charge', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const taking = takeCharge(test.db, { agentId: alice.id, connectionId: bob.tab });
      await assert.rejects(taking, { code: 'conflict' });
      assert.deepEqual(await inCharge(alice.id), [alice.tab]);
    });

    it('puts one of two tabs in charge that open in one moment', async () => {
      const alice = await world.agent('Alice');
      await closeConnection(test.db, alice.tab);
      await Promise.all([world.tab(alice.id), world.tab(alice.id), world.tab(alice.id)]);
      assert.equal((await inCharge(alice.id)).length, 1);
    });

    it('puts the tab that accepts in charge', async () => {
      const alice = await world.agent('Alice');
      const second = await world.tab(alice.id);
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await acceptOffer(test.db, { offerId: id, agentId: alice.id, connectionId: second });
      assert.deepEqual(await inCharge(alice.id), [second]);
    });

    it('hands charge to the newest other tab at once while no call is live', async () => {
      const alice = await world.agent('Alice');
      const older = await world.tab(alice.id);
      await world.shift('connections', older, 'connected_at', 1);
      const newest = await world.tab(alice.id);
      await closeConnection(test.db, alice.tab);
      assert.deepEqual(await inCharge(alice.id), [newest]);
      assert.equal((await world.agentRow(alice.id)).gone_at, null);
    });

    it('gives a tab that is reloaded in a call its charge back', async () => {
      const alice = await world.agent('Alice');
      await world.tab(alice.id);
      await world.connected(await world.visitor(), alice);
      await closeConnection(test.db, alice.tab);
      await world.sweep();
      assert.deepEqual(await inCharge(alice.id), []);
      const reloaded = await world.tab(alice.id);
      assert.deepEqual(await inCharge(alice.id), [reloaded]);
    });

    it('gives charge in a call to another tab when the first does not come back', async () => {
      const alice = await world.agent('Alice');
      const other = await world.tab(alice.id);
      await world.connected(await world.visitor(), alice);
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'charge_lost_at', 6);
      await world.sweep();
      assert.deepEqual(await inCharge(alice.id), [other]);
    });

    it('counts somebody as gone with the last socket only', async () => {
      const visitor = await world.visitor();
      const second = await world.visitorSocket(visitor.callId);
      await closeConnection(test.db, visitor.connection);
      assert.equal((await world.call(visitor.callId)).visitor_gone_at, null);
      await closeConnection(test.db, second);
      assert.notEqual((await world.call(visitor.callId)).visitor_gone_at, null);
      await world.visitorSocket(visitor.callId);
      assert.equal((await world.call(visitor.callId)).visitor_gone_at, null);
    });

    it('leaves the earlier join behind when a person joins anew', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.connected(visitor, alice);
      const before = await world.visitorJoin(room);
      const after = await issueParticipant(test.db, { room, joiner: { role: 'visitor' } });
      assert.equal(await world.visitorJoin(room), after);
      const connectionId = visitor.connection;
      await assert.rejects(enterRoom(test.db, { room, participant: before, connectionId }), {
        code: 'conflict',
      });
      await enterRoom(test.db, { room, participant: after, connectionId });
    });

    it('makes no join for a visitor before the agent is in the room, nor for a foreign agent', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const visitor = await world.visitor();
      const { room } = await world.accepted(visitor, alice);
      const early = issueParticipant(test.db, { room, joiner: { role: 'visitor' } });
      await assert.rejects(early, { code: 'conflict' });
      const foreign = issueParticipant(test.db, {
        room,
        joiner: { role: 'agent', agentId: bob.id },
      });
      await assert.rejects(foreign, { code: 'conflict' });
      const guest = { role: 'guest', name: 'Eve', verified: false, subject: 'eve' } as const;
      await assert.rejects(issueParticipant(test.db, { room, joiner: guest }), {
        code: 'conflict',
      });
    });
  });
});
