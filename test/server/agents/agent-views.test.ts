import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { AgentView, LegView } from '../../../src/protocol/views.ts';
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { Tickets } from '../../../src/server/rooms/tickets.ts';
import type { ViewChange, ViewReading } from '../../../src/server/views/view-reading.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_KEY } from '../../support/signaling-server.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });

describe('an agent’s view', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let views: AgentViews;
    let statements = 0;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      const query: typeof test.db.query = (text, values) => {
        statements += 1;
        return test.db.query(text, values);
      };
      views = new AgentViews({ query }, tickets, BUILT_IN_MEDIA);
    });

    async function read(changed: ViewChange, ...agents: TestAgent[]): Promise<ViewReading[]> {
      statements = 0;
      const readings = await views.read(
        // The agent object stands for the agent's one tab.
        agents.map((agent) => ({
          connection: agent.tab,
          agentId: agent.id,
          changed,
          tab: agent,
        })),
      );
      return agents.flatMap(({ tab }) => readings.get(tab) ?? []);
    }
    async function viewOf(agent: TestAgent): Promise<AgentView> {
      const [reading] = await read('both', agent);
      assert.ok(reading);
      return reading.view as AgentView;
    }
    async function legOf(agent: TestAgent): Promise<LegView> {
      const { legs } = await viewOf(agent);
      assert.ok(legs[0] && legs.length === 1);
      return legs[0];
    }
    const waiting = ({ view }: ViewReading) => (view as AgentView).waiting.map(({ id }) => id);
    const status = ({ view }: ViewReading) => (view as AgentView).status;
    const goOnBreak = ({ id }: TestAgent) =>
      setStatus(test.db, { agentId: id, status: 'break', connectionId: null });

    it('shows a leg from the offer to the end of the wrap-up', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor({ externalId: 'c-1', params: { device: 'x' } });
      const { id } = await world.offerOf(visitor.callId);
      const offered = await legOf(alice);
      assert.deepEqual(
        [offered.id, offered.kind, offered.state, offered.owner, offered.rooms],
        [id, 'first', 'offered', false, []],
      );
      assert.deepEqual(
        [offered.call.id, offered.call.state, offered.call.visitorOnline],
        [visitor.callId, 'offered', true],
      );
      const { name, verified, id: externalId, params } = offered.call.visitor;
      assert.deepEqual([name, verified, externalId, params], ['Mei', true, 'c-1', { device: 'x' }]);
      assert.ok(offered.deadline !== null && offered.deadline > offered.offeredAt);

      const { room, participant } = await world.accepted(visitor, alice);
      const accepted = await legOf(alice);
      assert.deepEqual([accepted.state, accepted.owner], ['accepted', true]);
      assert.ok(accepted.acceptedAt !== null && accepted.deadline !== null);
      assert.deepEqual(
        accepted.rooms.map(({ number, kind, ticket }) => [number, kind, ticket?.participant]),
        [[room, 'call', participant]],
      );

      await world.connected(await world.visitor(), await world.agent('Bob'));
      assert.equal((await viewOf(alice)).status, 'busy');

      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      assert.deepEqual((await viewOf(alice)).legs, [], 'never joined: no wrap-up');
    });

    it('shows a room of a leg in wrap-up without a ticket', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.connected(visitor, alice);
      const joined = await legOf(alice);
      assert.deepEqual([joined.state, joined.call.state], ['joined', 'connected']);
      assert.deepEqual(
        joined.rooms[0]?.participants.map(({ role, online }) => [role, online]).sort(),
        [
          ['agent', true],
          ['visitor', true],
        ],
      );
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      const left = await legOf(alice);
      assert.deepEqual([left.state, left.call.ended?.reason], ['left', 'visitor-ended']);
      assert.ok(left.wrapUpUntil !== null);
      assert.deepEqual(left.rooms, [
        { number: room, kind: 'call', ticket: null, participants: [] },
      ]);
      assert.equal((await viewOf(alice)).status, 'wrap-up');
    });

    it('shows no wrap-up whose time is over, also before the sweep closes the leg', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { legId } = await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await test.db.query('update legs set wrap_up_until = now() where id = $1', [legId]);
      const { legs, status: shown } = await viewOf(alice);
      assert.deepEqual([legs, shown], [[], 'available']);
    });

    it('shows every open room of a leg, with a ticket that says what the agent may do', async () => {
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { callId, legId, room } = await world.connected(visitor, alice);
      await test.db.query(
        `insert into rooms (number, site_id, kind, call_id) values (7, 'shop', 'consult', $1)`,
        [callId],
      );
      await test.db.query(
        `insert into participants (id, room, role, leg_id, name, may_show, hidden)
         values ('consulting', 7, 'agent', $1, 'Alice', false, false)`,
        [legId],
      );
      const { rooms } = await legOf(alice);
      assert.deepEqual(
        rooms.map(({ number, kind, ticket }) => [number, kind, ticket?.permissions]),
        [
          [room, 'call', { speak: true, show: true, hidden: false }],
          [7, 'consult', { speak: true, show: false, hidden: false }],
        ],
      );
      const [reading] = await read('both', alice);
      assert.deepEqual(
        reading?.rooms.map((open) => open.room),
        [room, 7],
      );
      assert.ok(reading?.topics.has('room:7') && reading.topics.has(`call:${callId}`));
      await test.db.query('update rooms set closed_at = now() where number = 7');
      assert.deepEqual(
        (await legOf(alice)).rooms.map(({ number }) => number),
        [room],
      );
    });

    it('shows nobody a hidden participant', async () => {
      const alice = await world.agent('Alice');
      const { room } = await world.connected(await world.visitor(), alice);
      await test.db.query(
        `update participants set hidden = true where room = $1 and role = 'visitor'`,
        [room],
      );
      const { rooms } = await legOf(alice);
      assert.deepEqual(
        rooms[0]?.participants.map(({ role }) => role),
        ['agent'],
      );
    });

    it('shows the reason of a break, the role, and the offers that were missed', async () => {
      const alice = await world.agent('Alice');
      await setStatus(test.db, { agentId: alice.id, status: 'break', reason: 'lunch' });
      await test.db.query(
        `update agents set role = 'supervisor', missed_in_row = 1 where id = $1`,
        [alice.id],
      );
      const { status, chosen, statusReason, agent, missedInRow } = await viewOf(alice);
      assert.deepEqual(
        [status, chosen, statusReason, agent.role, missedInRow],
        ['break', 'break', 'lunch', 'supervisor', 1],
      );
      await setStatus(test.db, { agentId: alice.id, status: 'available' });
      assert.equal((await viewOf(alice)).statusReason, null);
    });

    it('a waiting call shows its first three params, cut, and the twenty-first none', async () => {
      const alice = await world.agent('Alice');
      await goOnBreak(alice);
      const params = { zone: 'z'.repeat(80), a: '1', fault: '2', more: '3' };
      for (let i = 0; i < 21; i += 1) await world.visitor({ params });
      const [reading] = await read('queue', alice);
      const calls = (reading!.view as AgentView).waiting;
      assert.equal(calls.length, 21);
      assert.equal(
        JSON.stringify(calls[19]!.visitor.params),
        JSON.stringify({ zone: 'z'.repeat(60), a: '1', fault: '2' }),
      );
      assert.deepEqual(calls[20]!.visitor.params, {});
    });

    it('a call has the site’s words for its params, while it waits and while it rings', async () => {
      const alice = await world.agent('Alice');
      await goOnBreak(alice);
      const label = { en: 'Problem', 'zh-CN': '故障' };
      const text = { en: 'No power' };
      await test.db.query('update sites set param_labels = $1', [
        JSON.stringify([
          { name: 'fault', label, values: [{ value: 'no-power', text }] },
          { name: 'zone', label: {}, values: [] },
          { name: 'absent', label, values: [] },
        ]),
      ]);
      await world.visitor({ params: { zone: '3', fault: 'no-power', more: 'x' } });
      await world.visitor({ params: { fault: 'flicker' } });
      const words = [{ zone: { label: {} }, fault: { label, text } }, { fault: { label } }];
      const [reading] = await read('queue', alice);
      const { waiting: calls } = reading!.view as AgentView;
      assert.deepEqual(
        calls.map(({ visitor }) => visitor.paramWords),
        words,
      );
      await setStatus(test.db, { agentId: alice.id, status: 'available' });
      await world.match();
      const [leg] = (await viewOf(alice)).legs;
      assert.deepEqual(leg!.call.visitor.paramWords, words[0]);
    });

    it('a queue that moves is read once for all who see it, and nothing else', async () => {
      const agents = await Promise.all(['Alice', 'Bob', 'Carol'].map((name) => world.agent(name)));
      const before = await read('own', ...agents);
      const { callId } = await world.visitor();
      await goOnBreak(agents[0]!);
      const after = await read('queue', ...agents);
      assert.equal(statements, 1);
      assert.deepEqual(after.map(waiting), [[callId], [callId], [callId]]);
      assert.deepEqual(after.map(status), before.map(status));
      assert.ok(after.every(({ rev, now }, i) => rev > before[i]!.rev && now >= before[i]!.now));
    });

    it('agents of other groups see another queue, in the order in which it is served', async () => {
      const sales = await world.agent('Alice');
      const both = await world.agent('Bob', ['service', 'sales']);
      await read('own', sales, both);
      const [first, second] = [await world.visitor(), await world.visitor({ skill: 'service' })];
      const readings = await read('queue', sales, both);
      assert.equal(statements, 1);
      assert.deepEqual(readings.map(waiting), [[first.callId], [first.callId, second.callId]]);
    });

    it('the agents’ own parts are read in one statement, without the queue', async () => {
      const [alice, bob] = [await world.agent('Alice'), await world.agent('Bob')];
      const before = await read('own', alice, bob);
      await world.visitor();
      await goOnBreak(alice);
      const after = await read('own', alice, bob);
      assert.equal(statements, 1);
      assert.deepEqual(after.map(status), ['break', 'available']);
      assert.deepEqual(after.map(waiting), [[], []]);
      assert.ok(after.every(({ rev }, i) => rev > before[i]!.rev));
    });

    it('a queue that moves never takes back a change of the agent’s own part', async () => {
      const alice = await world.agent('Alice');
      const readings = [...(await read('own', alice))];
      await goOnBreak(alice);
      readings.push(...(await read('own', alice)));
      const { callId } = await world.visitor();
      readings.push(...(await read('queue', alice)), ...(await read('own', alice)));
      assert.deepEqual(readings.map(status), ['available', 'break', 'break', 'break']);
      assert.deepEqual(readings.map(waiting), [[], [], [callId], [callId]]);
      const revs = readings.map(({ rev }) => rev);
      assert.deepEqual(
        revs,
        [...new Set(revs)].sort((a, b) => a - b),
      );
    });

    it('an agent who comes into another group sees its queue at once', async () => {
      const alice = await world.agent('Alice');
      const { callId } = await world.visitor({ skill: 'service' });
      await read('own', alice);
      await test.db.query(
        `insert into memberships (agent_id, site_id, group_id) values ($1, 'shop', 'service')`,
        [alice.id],
      );
      const [reading] = await read('own', alice);
      assert.deepEqual(waiting(reading!), [callId]);
      assert.ok(reading?.topics.has('group:shop/service'));
    });

    it('a tab whose row is gone is orphaned with the next change of its agent', async () => {
      const alice = await world.agent('Alice');
      const [before] = await read('own', alice);
      await test.db.query('delete from connections where id = $1', [alice.tab]);
      const [after] = await read('own', alice);
      assert.deepEqual(
        [before?.connectionStatus, after?.connectionStatus],
        ['current', 'orphaned'],
      );
    });

    it('each of two tabs has parts of its own, and only the active one has tickets', async () => {
      const alice = await world.agent('Alice');
      const second = { ...alice, tab: await world.tab(alice.id) };
      await read('own', alice);
      await world.accepted(await world.visitor(), alice);
      await read('own', second);
      const [first] = await read('queue', alice);
      assert.deepEqual((first?.view as AgentView).legs, [], 'as it was last read for this tab');
      const [one, other] = await read('own', alice, second);
      const tabs = [one, other].map((reading) => {
        const { activeTab, tabs: count, legs } = reading?.view as AgentView;
        return { activeTab, count, ticket: legs[0]?.rooms[0]?.ticket?.participant };
      });
      assert.deepEqual(tabs, [
        { activeTab: true, count: 2, ticket: one?.rooms[0]?.participant },
        { activeTab: false, count: 2, ticket: undefined },
      ]);
      assert.deepEqual(other?.rooms, []);
    });

    it('an agent who is unknown has no view', async () => {
      assert.deepEqual(
        await read('own', { id: randomUUID(), name: 'Nobody', tab: randomUUID() }),
        [],
      );
    });
  });
});
