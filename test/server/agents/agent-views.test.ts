import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { AgentView } from '../../../src/protocol/views.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { Tickets } from '../../../src/server/rooms/tickets.ts';
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import type { Changed, ViewReading } from '../../../src/server/views/view-reading.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_KEY } from '../../support/signaling-server.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });

describe('the parts of agents’ views', () => {
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

    async function read(changed: Changed, ...agents: TestAgent[]): Promise<ViewReading[]> {
      statements = 0;
      const readings = await views.read(
        // The agent stands for their one tab.
        agents.map((agent) => ({
          connection: agent.tab,
          agentId: agent.id,
          entered: null,
          changed,
          tab: agent,
        })),
      );
      return agents.flatMap(({ tab }) => readings.get(tab) ?? []);
    }
    const waiting = ({ view }: ViewReading) => (view as AgentView).waiting.map(({ id }) => id);
    const status = ({ view }: ViewReading) => (view as AgentView).status;
    const goOnBreak = ({ id }: TestAgent) =>
      setStatus(test.db, { agentId: id, status: 'break', connectionId: null });

    it('a line that moves is read once for all who see it, and nothing of their own', async () => {
      const agents = await Promise.all(['Alice', 'Bob', 'Carol'].map((name) => world.agent(name)));
      const before = await read('own', ...agents);
      const { callId } = await world.visitor();
      await goOnBreak(agents[0]!);
      const after = await read('line', ...agents);
      assert.equal(statements, 1);
      assert.deepEqual(after.map(waiting), [[callId], [callId], [callId]]);
      assert.deepEqual(after.map(status), before.map(status));
      assert.ok(after.every(({ rev, now }, i) => rev > before[i]!.rev && now >= before[i]!.now));
    });

    it('agents of other groups see another line, in the order in which all of it is served', async () => {
      const sales = await world.agent('Alice');
      const both = await world.agent('Bob', ['service', 'sales']);
      await read('own', sales, both);
      const [first, second] = [await world.visitor(), await world.visitor({ skill: 'service' })];
      const readings = await read('line', sales, both);
      assert.equal(statements, 1);
      assert.deepEqual(readings.map(waiting), [[first.callId], [first.callId, second.callId]]);
    });

    it('what is their own is read in one statement, without the line', async () => {
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

    it('a line that moves never takes a change of their own back', async () => {
      const alice = await world.agent('Alice');
      const readings = [...(await read('own', alice))];
      await goOnBreak(alice);
      readings.push(...(await read('own', alice)));
      const { callId } = await world.visitor();
      readings.push(...(await read('line', alice)), ...(await read('own', alice)));
      assert.deepEqual(readings.map(status), ['available', 'break', 'break', 'break']);
      assert.deepEqual(readings.map(waiting), [[], [], [callId], [callId]]);
      const revs = readings.map(({ rev }) => rev);
      assert.deepEqual(
        revs,
        [...new Set(revs)].sort((a, b) => a - b),
      );
    });

    it('who comes into another group sees its line at once', async () => {
      const alice = await world.agent('Alice');
      const { callId } = await world.visitor({ skill: 'service' });
      await read('own', alice);
      await test.db.query(`insert into agent_groups values ($1, 'shop', 'service')`, [alice.id]);
      const [reading] = await read('own', alice);
      assert.deepEqual(waiting(reading!), [callId]);
      assert.ok(reading?.topics.has('group:shop/service'));
    });

    it('a tab that is not known any more is told so with the next change of its agent’s', async () => {
      const alice = await world.agent('Alice');
      const [before] = await read('own', alice);
      await test.db.query('delete from connections where id = $1', [alice.tab]);
      const [after] = await read('own', alice);
      assert.deepEqual([before?.standing, after?.standing], ['current', 'orphaned']);
    });

    it('two tabs of one agent have parts of their own', async () => {
      const alice = await world.agent('Alice');
      const second = { ...alice, tab: await world.tab(alice.id) };
      await read('own', alice);
      await world.accepted(await world.visitor(), alice);
      await read('own', second);
      const [first] = await read('line', alice);
      assert.equal((first?.view as AgentView).call, null, 'as it was last read for this tab');
      const [one, other] = await read('own', alice, second);
      const tabs = [one, other].map((reading) => {
        const { inCharge, tabs: count, call } = reading?.view as AgentView;
        return { inCharge, count, ticket: call?.ticket?.participant };
      });
      assert.deepEqual(tabs, [
        { inCharge: true, count: 2, ticket: one?.room?.participant },
        { inCharge: false, count: 2, ticket: undefined },
      ]);
    });

    it('an agent who is gone altogether has no view', async () => {
      const alice = await world.agent('Alice');
      await read('own', alice);
      await test.db.query('delete from agents where id = $1', [alice.id]);
      assert.deepEqual(await read('own', alice), []);
      assert.deepEqual(
        await read('own', { id: randomUUID(), name: 'Nobody', tab: randomUUID() }),
        [],
      );
    });
  });
});
