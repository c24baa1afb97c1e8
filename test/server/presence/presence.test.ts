import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { continueConnection } from '../../../src/server/presence/continue-connection.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { activateTab } from '../../../src/server/agents/activate-tab.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('presence', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    const activeTabs = async (agentId: string) => {
      const { rows } = await test.db.query<{ id: string }>(
        'select id from connections where agent_id = $1 and active_tab',
        [agentId],
      );
      return rows.map(({ id }) => id);
    };

    it('makes the first tab the active one, and another one on request', async () => {
      const alice = await world.agent('Alice');
      const second = await world.tab(alice.id);
      assert.deepEqual(await activeTabs(alice.id), [alice.tab]);
      await activateTab(test.db, { agentId: alice.id, connectionId: second });
      assert.deepEqual(await activeTabs(alice.id), [second]);
    });

    it('makes no tab of another agent the active one', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      const activating = activateTab(test.db, { agentId: alice.id, connectionId: bob.tab });
      await assert.rejects(activating, { code: 'conflict' });
      assert.deepEqual(await activeTabs(alice.id), [alice.tab]);
    });

    it('makes one tab active of several that open in one moment', async () => {
      const alice = await world.agent('Alice');
      await closeConnection(test.db, alice.tab);
      await Promise.all([world.tab(alice.id), world.tab(alice.id), world.tab(alice.id)]);
      assert.equal((await activeTabs(alice.id)).length, 1);
    });

    it('makes the tab that accepts the active one', async () => {
      const alice = await world.agent('Alice');
      const second = await world.tab(alice.id);
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await acceptOffer(test.db, { legId: id, agentId: alice.id, connectionId: second });
      assert.deepEqual(await activeTabs(alice.id), [second]);
    });

    it('makes the newest other tab the active one at once while no call is live', async () => {
      const alice = await world.agent('Alice');
      const older = await world.tab(alice.id);
      await world.shift('connections', older, 'connected_at', 1);
      const newest = await world.tab(alice.id);
      await closeConnection(test.db, alice.tab);
      assert.deepEqual(await activeTabs(alice.id), [newest]);
      assert.equal((await world.agentRow(alice.id)).gone_at, null);
    });

    it('makes a tab that is reloaded during a call the active one again', async () => {
      const alice = await world.agent('Alice');
      await world.tab(alice.id);
      await world.connected(await world.visitor(), alice);
      await closeConnection(test.db, alice.tab);
      await world.sweep();
      assert.deepEqual(await activeTabs(alice.id), []);
      const reloaded = await world.tab(alice.id);
      assert.deepEqual(await activeTabs(alice.id), [reloaded]);
    });

    it('makes another tab the active one during a call when the first does not come back', async () => {
      const alice = await world.agent('Alice');
      const other = await world.tab(alice.id);
      await world.connected(await world.visitor(), alice);
      await closeConnection(test.db, alice.tab);
      await world.shift('agents', alice.id, 'active_tab_lost_at', 6);
      await world.sweep();
      assert.deepEqual(await activeTabs(alice.id), [other]);
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

    it('ends the earlier participant of a person who gets another one', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.connected(visitor, alice);
      const before = await world.visitorParticipant(room);
      const holder = { role: 'visitor', callId: visitor.callId } as const;
      const after = await issueParticipant(test.db, { room, holder });
      assert.equal(await world.visitorParticipant(room), after);
      const connectionId = visitor.connection;
      await assert.rejects(enterRoom(test.db, { room, participant: before, connectionId }), {
        code: 'conflict',
      });
      await enterRoom(test.db, { room, participant: after, connectionId });
    });

    it('makes no participant for a visitor before the agent is in the room, nor for a foreign agent', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.accepted(visitor, alice);
      const bob = await world.agent('Bob');
      const foreign = await world.accepted(await world.visitor(), bob);
      for (const holder of [
        { role: 'visitor', callId: visitor.callId },
        { role: 'agent', legId: foreign.legId },
        { role: 'guest', name: 'Eve', verified: false, subject: 'eve' },
      ] as const) {
        await assert.rejects(issueParticipant(test.db, { room, holder }), { code: 'conflict' });
      }
    });

    it('lets a tab that comes back on another socket go on with what the old one held', async () => {
      const alice = await world.agent('Alice');
      const other = await world.tab(alice.id);
      const { participant } = await world.connected(await world.visitor(), alice);
      const back = await world.tab(alice.id);
      await continueConnection(test.db, { from: alice.tab, to: back, agentId: alice.id });
      assert.deepEqual(await activeTabs(alice.id), [back]);
      const { rows } = await test.db.query('select connection_id from participants where id = $1', [
        participant,
      ]);
      assert.deepEqual(rows, [{ connection_id: back }]);
      const tabs = await test.db.query('select id from connections where agent_id = $1', [
        alice.id,
      ]);
      assert.deepEqual(
        tabs.rows.map((row) => (row as { id: string }).id).sort(),
        [other, back].sort(),
      );
    });

    it('lets nobody go on with the connection of another agent', async () => {
      const alice = await world.agent('Alice');
      const bob = await world.agent('Bob');
      await continueConnection(test.db, { from: alice.tab, to: bob.tab, agentId: bob.id });
      await continueConnection(test.db, { from: bob.tab, to: alice.tab, agentId: bob.id });
      assert.deepEqual(await activeTabs(alice.id), [alice.tab]);
      assert.deepEqual(await activeTabs(bob.id), [bob.tab]);
    });
  });
});
