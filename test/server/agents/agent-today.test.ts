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
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import type { Changed } from '../../../src/server/views/view-reading.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_KEY } from '../../support/signaling-server.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });
type Over = [outcome: PastCallView['outcome'], reason: PastCallView['reason']];

/** Every way in which an offer, or the call that came of it, can be over; and what of it the agent's day shows. */
const WAYS: Record<string, { over: Over; go: (world: CallWorld, _: People) => Promise<unknown> }> =
  {
    'the agent declines': {
      over: ['declined', null],
      go: async (world, { alice, visitor }) => {
        const { id } = await world.offerOf(visitor.callId);
        await declineOffer(world.db, { offerId: id, agentId: alice.id });
      },
    },
    'the agent misses it': {
      over: ['missed', null],
      go: async (world, { visitor }) => {
        const { id } = await world.offerOf(visitor.callId);
        await world.shift('offers', id, 'deadline', 21);
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
        await world.accepted(visitor, alice);
        await world.shift('calls', visitor.callId, 'enter_by', 100);
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
    let views: AgentViews;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      views = new AgentViews(test.db, tickets, BUILT_IN_MEDIA);
    });

    async function read(changed: Changed, of = views, tab: object = alice): Promise<AgentView> {
      const asked = { connection: alice.tab, agentId: alice.id, entered: null, changed, tab };
      return (await of.read([asked])).get(alice.tab)?.view as AgentView;
    }
    /** As somebody sees it who has just come. */
    const readAnew = () => read('own', views, {});
    const over = ({ today }: AgentView) =>
      today.calls.map(({ outcome, reason }): Over => [outcome, reason]);

    for (const [way, { over: expected, go }] of Object.entries(WAYS)) {
      it(`shows what is over at once: ${way}`, async () => {
        const visitor = await world.visitor();
        assert.deepEqual(over(await read('own')), []);
        await go(world, { alice, visitor });
        assert.deepEqual(over(await read('own')), [expected]);
        assert.deepEqual(await read('both'), await readAnew());
      });
    }

    it('shows each step of a call, and never what is not over', async () => {
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      const ringing = await read('own');
      assert.deepEqual([ringing.offer?.id, over(ringing)], [id, []]);
      await world.accepted(visitor, alice);
      const accepted = await read('own');
      assert.deepEqual([accepted.call?.id, over(accepted)], [visitor.callId, []]);
      await endCall(test.db, {
        callId: visitor.callId,
        by: { role: 'agent', agentId: alice.id },
      });
      const ended = await read('own');
      assert.deepEqual([ended.call, over(ended)], [null, [['withdrawn', 'agent-ended']]]);
    });

    it('grows by each call, the newest first, and is the same for who has just come', async () => {
      await test.db.query('update skill_groups set wrap_up_seconds = 0');
      const calls: string[] = [];
      for (let i = 0; i < 4; i += 1) {
        const visitor = await world.visitor();
        await world.connected(visitor, alice);
        if (i % 2 === 0) await read('own');
        await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
        calls.unshift(visitor.callId);
        if (i < 2) assert.equal((await read('own')).today.talked, i + 1);
      }
      const view = await read('own');
      assert.deepEqual(
        view.today.calls.map(({ id }) => id),
        calls,
      );
      assert.deepEqual(view, await readAnew());
    });

    it('knows of an agent who holds two which of them is over', async () => {
      await test.db.query('update agents set capacity = 2');
      await test.db.query('update skill_groups set wrap_up_seconds = 0');
      const [first, second] = [await world.visitor(), await world.visitor()];
      await world.accepted(first, alice);
      await world.offerOf(second.callId);
      assert.equal((await read('own')).offer?.callId, second.callId);
      const { id } = await world.offerOf(second.callId);
      await declineOffer(test.db, { offerId: id, agentId: alice.id });
      assert.deepEqual(over(await read('own')), [['declined', null]]);
      await endCall(test.db, { callId: first.callId, by: { role: 'agent', agentId: alice.id } });
      const view = await read('both');
      assert.deepEqual(over(view), [
        ['declined', null],
        ['withdrawn', 'agent-ended'],
      ]);
      assert.deepEqual(view, await readAnew());
    });

    it('shows how a call ended that went on to somebody else once the whole is read again', async () => {
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      await declineOffer(test.db, { offerId: id, agentId: alice.id });
      assert.deepEqual(over(await read('own')), [['declined', null]]);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      assert.deepEqual(over(await read('all')), [['declined', 'cancelled']]);
    });

    it('begins anew at midnight', async () => {
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await test.db.transaction(async (tx) => {
        const day = new AgentViews(tx, tickets, BUILT_IN_MEDIA);
        await tx.query(`update offers set offered_at = offered_at - interval '1 minute'`);
        await timeIs(tx, '12:00');
        assert.equal((await read('own', day)).today.talked, 1);
        await timeIs(tx, '00:00');
        assert.deepEqual(over(await read('own', day)), []);
        assert.deepEqual(over(await read('own', day, {})), []);
      });
    });
  });
});

/** Moves the transaction's time zone to where the minute of its beginning is this time of the day. */
async function timeIs(tx: Queryable, time: string): Promise<void> {
  await tx.query(
    `select set_config('TimeZone', '<T>' || to_char(make_interval(secs => mod(86400 + floor(
       extract(epoch from (now() at time zone 'UTC')::time - $1::time))::int, 86400)), 'HH24:MI'), true)`,
    [time],
  );
}
