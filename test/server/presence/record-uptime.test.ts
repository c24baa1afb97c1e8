import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { recordUptime } from '../../../src/server/presence/record-uptime.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { sweep } from '../../../src/server/sweeps/sweep.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';

/** Every deadline, and since when somebody is gone. */
const CLOCKS = `
  select (select array_agg(deadline order by id) from legs where deadline is not null) as legs,
         (select array_agg(enter_by order by id) from calls where enter_by is not null) as enter,
         (select array_agg(visitor_gone_at order by id) from calls where visitor_gone_at is not null) as visitors,
         (select array_agg(gone_at order by id) from agents where gone_at is not null) as agents,
         (select array_agg(active_tab_lost_at order by id) from agents where active_tab_lost_at is not null) as tabs`;

const KINDS = ['legs', 'enter', 'visitors', 'agents', 'tabs'] as const;
type Clocks = Record<(typeof KINDS)[number], Date[] | null>;

describe('a time without any server', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });

    /** As if all that was written so far had happened a minute ago, and no server had run since then. */
    async function away(): Promise<void> {
      const minute = `- interval '60 seconds'`;
      await test.db.query(`update service_heartbeat set at = clock_timestamp() ${minute}`);
      await test.db.query(`update nodes set heartbeat_at = heartbeat_at ${minute}`);
      await test.db.query(
        `update legs set offered_at = offered_at ${minute}, accepted_at = accepted_at ${minute},
                         deadline = deadline ${minute}`,
      );
      await test.db.query(
        `update calls set ready_at = ready_at ${minute}, enter_by = enter_by ${minute},
                          visitor_gone_at = visitor_gone_at ${minute}`,
      );
      await test.db.query(
        `update agents set gone_at = gone_at ${minute}, active_tab_lost_at = active_tab_lost_at ${minute}`,
      );
    }
    const clocks = async () => (await test.db.query<Clocks>(CLOCKS)).rows[0] ?? assert.fail();

    /** Calls in every state in which somebody is waited for. */
    async function everyone() {
      const calls: string[] = [];
      const tabs: string[] = [];
      for (const step of ['connected', 'ready', 'accepted', 'offerOf'] as const) {
        // The only agent who is free at this moment.
        const agent = await world.agent(step);
        const visitor = await world.visitor();
        if (step === 'offerOf') await world.offerOf(visitor.callId);
        else await world[step](visitor, agent);
        if (step === 'ready') await world.tab(agent.id);
        calls.push(visitor.callId);
        tabs.push(agent.tab);
      }
      const gone = await world.visitor();
      calls.push(gone.callId);
      // The first agent is gone, the second has lost the active tab.
      await closeConnection(test.db, tabs[1] ?? '');
      await test.db.query('delete from connections where id = any($1::uuid[])', [
        [tabs[0], gone.connection],
      ]);
      await world.sweep();
      return calls;
    }
    const states = async (calls: readonly string[]) =>
      Promise.all(calls.map(async (id) => (await world.call(id)).state));

    it('counts against nobody: everybody has as long as before', async () => {
      const calls = await everyone();
      const before = await states(calls);
      assert.deepEqual(before, ['connected', 'ready', 'accepted', 'offered', 'queued']);
      await away();
      const then = await clocks();
      for (const kind of KINDS) {
        assert.ok((then[kind]?.length ?? 0) > 0, `${kind} are in it`);
      }
      await sweep(test.db);
      assert.deepEqual(await states(calls), before);
      const now = await clocks();
      for (const [kind, times] of Object.entries(then)) {
        const moved = (times ?? []).map(
          (time, i) => (now[kind as keyof Clocks]?.[i]?.getTime() ?? 0) - time.getTime(),
        );
        assert.ok(
          moved.every((ms) => ms >= 60_000),
          `${kind} moved by ${moved.join()}`,
        );
      }
      const { rows } = await test.db.query(
        'select missed_in_row from agents where missed_in_row > 0',
      );
      assert.deepEqual(rows, []);
    });

    it('is noticed once, by the first of several nodes', async () => {
      await everyone();
      await away();
      const gaps = await Promise.all([
        recordUptime(test.db),
        recordUptime(test.db),
        recordUptime(test.db),
      ]);
      assert.equal(gaps.filter((seconds) => seconds > 0).length, 1);
      assert.ok(Math.max(...gaps) >= 60);
    });

    it('moves nothing that began after it', async () => {
      await away();
      await registerNode(test.db, test.nodeId);
      const agent = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.offerOf(visitor.callId);
      await test.db.query('update agents set gone_at = now() where id = $1', [agent.id]);
      const before = await clocks();
      assert.ok((await recordUptime(test.db)) >= 60);
      assert.deepEqual(await clocks(), before);
    });

    it('gives a node some seconds for its next heartbeat, and no more', async () => {
      const [living, dead] = [randomUUID(), randomUUID()];
      await registerNode(test.db, living);
      await registerNode(test.db, dead);
      await away();
      await sweep(test.db);
      const nodes = async () =>
        (await test.db.query<{ id: string }>('select id from nodes')).rows.map(({ id }) => id);
      assert.equal((await nodes()).length, 3, 'no node is declared dead at once');
      await test.db.query(`update nodes set heartbeat_at = heartbeat_at - interval '6 seconds'`);
      await registerNode(test.db, living);
      await world.sweep();
      assert.deepEqual(await nodes(), [living]);
    });
  });
});
