import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { AgentView, PastCallView } from '../../../src/protocol/views.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { Tickets } from '../../../src/server/rooms/tickets.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { leaveLeg } from '../../../src/server/legs/leave-leg.ts';
import { offerLeg } from '../../../src/server/legs/offer-leg.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_KEY } from '../../support/signaling-server.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });
type Over = [outcome: PastCallView['outcome'], reason: PastCallView['reason']];

/** Every way in which a leg can be over, and what the agent's day then shows. */
const WAYS: Record<string, { over: Over; go: (world: CallWorld, _: People) => Promise<unknown> }> =
  {
    'the agent declines': {
      over: ['declined', null],
      go: async (world, { alice, visitor }) => {
        const { id } = await world.offerOf(visitor.callId);
        await declineOffer(world.db, { legId: id, agentId: alice.id });
      },
    },
    'the agent misses it': {
      over: ['missed', null],
      go: async (world, { visitor }) => {
        const { id } = await world.offerOf(visitor.callId);
        await world.shift('legs', id, 'deadline', 21);
        await world.sweep();
      },
    },
    'the agent goes on a break while it rings': {
      over: ['withdrawn', null],
      go: async (world, { alice, visitor }) => {
        await world.offerOf(visitor.callId);
        await setStatus(world.db, { agentId: alice.id, status: 'break' });
      },
    },
    'the visitor cancels while it rings': {
      over: ['withdrawn', 'cancelled'],
      go: async (world, { visitor }) => {
        await world.offerOf(visitor.callId);
        await endCall(world.db, { callId: visitor.callId, by: { role: 'visitor' } });
      },
    },
    'the visitor is gone while it rings': {
      over: ['withdrawn', 'abandoned'],
      go: async (world, { visitor }) => {
        await world.offerOf(visitor.callId);
        await closeConnection(world.db, visitor.connection);
        await world.shift('calls', visitor.callId, 'visitor_gone_at', 1_000);
        await world.sweep();
      },
    },
    'the agent accepts and does not come': {
      over: ['withdrawn', null],
      go: async (world, { alice, visitor }) => {
        const { legId } = await world.accepted(visitor, alice);
        await world.shift('legs', legId, 'deadline', 100);
        await world.sweep();
      },
    },
    'the visitor cancels before the agent is in the room': {
      over: ['withdrawn', 'cancelled'],
      go: async (world, { alice, visitor }) => {
        await world.accepted(visitor, alice);
        await endCall(world.db, { callId: visitor.callId, by: { role: 'visitor' } });
      },
    },
    'the visitor cannot enter': {
      over: ['withdrawn', 'media-failed'],
      go: async (world, { alice, visitor }) => {
        await world.ready(visitor, alice);
        await world.shift('calls', visitor.callId, 'enter_by', 100);
        await world.sweep();
      },
    },
    'the agent ends the talk': {
      over: ['talked', 'agent-ended'],
      go: async (world, { alice, visitor }) => {
        await world.connected(visitor, alice);
        const by = { role: 'agent', agentId: alice.id } as const;
        await endCall(world.db, { callId: visitor.callId, by });
      },
    },
    'the visitor ends the talk': {
      over: ['talked', 'visitor-ended'],
      go: async (world, { alice, visitor }) => {
        await world.connected(visitor, alice);
        await endCall(world.db, { callId: visitor.callId, by: { role: 'visitor' } });
      },
    },
    'the visitor is gone in the talk': {
      over: ['talked', 'visitor-gone'],
      go: async (world, { alice, visitor }) => {
        await world.connected(visitor, alice);
        await closeConnection(world.db, visitor.connection);
        await world.shift('calls', visitor.callId, 'visitor_gone_at', 1_000);
        await world.sweep();
      },
    },
  };

interface People {
  readonly alice: TestAgent;
  readonly visitor: TestVisitor;
}

describe('an agent’s day', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    /** Keeps the parts of the views between two readings, as a node does. */
    let views: AgentViews;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      views = viewsOver(test.db);
    });
    const viewsOver = (db: Queryable) => new AgentViews(db, tickets, BUILT_IN_MEDIA);

    async function read(agent = alice, from = views): Promise<AgentView> {
      const readings = await from.read([
        { connection: agent.tab, agentId: agent.id, changed: 'both', tab: agent },
      ]);
      return readings.get(agent.tab)?.view as AgentView;
    }
    const over = ({ today }: AgentView) =>
      today.calls.map(({ outcome, reason }): Over => [outcome, reason]);

    for (const [way, { over: expected, go }] of Object.entries(WAYS)) {
      it(`shows at once that a leg is over: ${way}`, async () => {
        const visitor = await world.visitor();
        assert.deepEqual(over(await read()), []);
        await go(world, { alice, visitor });
        assert.deepEqual(over(await read()), [expected]);
      });
    }

    it('shows nothing that is not over', async () => {
      const visitor = await world.visitor();
      await world.offerOf(visitor.callId);
      assert.deepEqual(over(await read()), []);
      await world.accepted(visitor, alice);
      assert.deepEqual(over(await read()), []);
      const by = { role: 'agent', agentId: alice.id } as const;
      await endCall(test.db, { callId: visitor.callId, by });
      const ended = await read();
      assert.deepEqual([ended.legs, over(ended)], [[], [['withdrawn', 'agent-ended']]]);
    });

    it('grows by each call, the newest first', async () => {
      await test.db.query('update skill_groups set wrap_up_seconds = 0');
      const calls: string[] = [];
      for (let i = 0; i < 4; i += 1) {
        const visitor = await world.visitor();
        await world.connected(visitor, alice);
        await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
        calls.unshift(visitor.callId);
        assert.equal((await read()).today.talked, i + 1);
      }
      const { today } = await read();
      assert.deepEqual(
        today.calls.map(({ id }) => id),
        calls,
      );
    });

    it('counts all of a day, and shows the newest fifty', async () => {
      const { callId } = await world.visitor();
      await test.db.query(
        `insert into legs (call_id, state, agent_id, site_id, group_id, reason, offered_at, closed_at)
         select $1, case when n % 2 = 0 then 'missed' else 'declined' end, $2, 'shop', 'sales', '{}',
                now() - make_interval(secs => n), now()
           from generate_series(1, 60) n`,
        [callId, alice.id],
      );
      await test.db.transaction(async (tx) => {
        await timeIs(tx, '12:00');
        const { today } = await read(alice, viewsOver(tx));
        assert.deepEqual([today.missed, today.declined, today.calls.length], [30, 30, 50]);
        assert.deepEqual(
          today.calls.slice(0, 2).map(({ outcome }) => outcome),
          ['declined', 'missed'],
        );
      });
    });

    it('shows how a call ended that went on to another agent', async () => {
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await declineOffer(test.db, { legId: id, agentId: alice.id });
      assert.deepEqual(over(await read()), [['declined', null]]);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      assert.deepEqual(over(await read()), [['declined', 'cancelled']]);
    });

    it('has the talk time of each leg, if a call goes from one agent to another', async () => {
      const visitor = await world.visitor();
      const { callId, legId, room } = await world.connected(visitor, alice);
      const bob = await world.agent('Bob');
      const next = await offerLeg(test.db, {
        callId,
        agentId: bob.id,
        kind: 'transfer',
        fromLegId: legId,
        reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
      });
      const connectionId = bob.tab;
      const accepted = await acceptOffer(test.db, { legId: next, agentId: bob.id, connectionId });
      assert.equal(accepted.room, room);
      await enterRoom(test.db, { ...accepted, connectionId });
      assert.equal(await leaveLeg(test.db, { legId, reason: 'transferred' }), true);
      await world.shift('calls', callId, 'connected_at', 100);
      await world.shift('legs', legId, 'joined_at', 110);
      await world.shift('legs', legId, 'left_at', 40);
      await world.shift('legs', next, 'joined_at', 50);
      assert.deepEqual(over(await read()), [['talked', null]]);
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      const seconds = async (agent: TestAgent) => (await read(agent)).today.talkSeconds;
      assert.ok(Math.abs((await seconds(alice)) - 60) <= 5);
      assert.ok(Math.abs((await seconds(bob)) - 50) <= 5);
      assert.deepEqual(over(await read(bob)), [['talked', 'visitor-ended']]);
    });

    it('begins at midnight in the site’s time zone', async () => {
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await test.db.transaction(async (tx) => {
        await tx.query(`update legs set offered_at = offered_at - interval '1 minute'`);
        await timeIs(tx, '12:00');
        assert.equal((await read(alice, viewsOver(tx))).today.talked, 1);
        await timeIs(tx, '00:00');
        assert.deepEqual(over(await read(alice, viewsOver(tx))), []);
      });
    });
  });
});

/** Moves the site's time zone to where it is this time of the day when the transaction begins. */
async function timeIs(tx: Queryable, time: string): Promise<void> {
  await tx.query(
    `update sites set time_zone = '<T>' || to_char(make_interval(secs => mod(86400 + floor(
       extract(epoch from (now() at time zone 'UTC')::time - $1::time))::int, 86400)), 'HH24:MI')`,
    [time],
  );
}
