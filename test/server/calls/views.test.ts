import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { Tickets } from '../../../src/server/rooms/tickets.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import { readVisitorViews } from '../../../src/server/calls/visitor-views.ts';
import { WaitBases } from '../../../src/server/calls/wait-bases.ts';
import { onBothDatabases, type TestDatabase } from '../../support/databases.ts';
import { makeSite, TEST_KEY, type TestSite } from '../../support/signaling-server.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });

/** Counts the statements that go to the database. */
function counting(db: Queryable) {
  const count = { statements: 0 };
  const query: Queryable['query'] = (text, values) => {
    count.statements += 1;
    return db.query(text, values);
  };
  return { query, count };
}

async function addCalls(test: TestDatabase, site: TestSite, many: number): Promise<string[]> {
  const { rows } = await test.db.query<{ id: string }>(
    `insert into calls (site_id, group_id, visitor_name, requested_at)
     select $1, 'pre-sales', 'V' || n, now() - make_interval(secs => 1000 - n)
       from generate_series(1, $2::int) n returning id`,
    [site.id, many],
  );
  return rows.map(({ id }) => id);
}

const asVisitors = (site: TestSite, calls: readonly (string | null)[]) =>
  calls.map((callId) => ({
    connection: randomUUID(),
    site: { id: site.id, name: 'Demo Power', media: 'peer' as const },
    callId,
  }));

const read = (db: Queryable, asked: ReturnType<typeof asVisitors>) =>
  readVisitorViews(db, tickets, new WaitBases(db), asked);

onBothDatabases((bench) => {
  test('a hundred visitors of a group are read by two statements, each with their own place', async () => {
    const site = await makeSite(bench.db);
    const asked = asVisitors(site, await addCalls(bench, site, 100));
    const { query, count } = counting(bench.db);
    const bases = new WaitBases({ query });
    const readings = await readVisitorViews({ query }, tickets, bases, asked);
    assert.equal(count.statements, 2);
    const places = asked.map(({ connection }) => {
      const view = readings.get(connection)?.view as VisitorView;
      return view.call?.position;
    });
    assert.deepEqual(
      places,
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  test('a visitor without a call is shown the site, with a rev and the database’s clock', async () => {
    const site = await makeSite(bench.db);
    const [asked] = asVisitors(site, [null]);
    assert.ok(asked);
    const first = (await read(bench.db, [asked])).get(asked.connection);
    const second = (await read(bench.db, [asked])).get(asked.connection);
    assert.deepEqual(first?.view, {
      role: 'visitor',
      site: { id: site.id, name: 'Demo Power', media: 'peer' as const },
      call: null,
    });
    assert.ok(first && second && second.rev > first.rev && second.now >= first.now);
    assert.ok(Math.abs(first.now - Date.now()) < 60_000);
  });

  test('an estimate is given once the group has a history and somebody is there, and not before', async () => {
    const site = await makeSite(bench.db);
    const agent = site.agents[0];
    const [call] = await addCalls(bench, site, 1);
    const asked = asVisitors(site, [call ?? null]);
    const bases = new WaitBases(bench.db);
    const estimate = async () => {
      const readings = await readVisitorViews(bench.db, tickets, bases, asked);
      return ([...readings.values()][0]?.view as VisitorView).call?.estimate;
    };
    assert.equal(await estimate(), null);
    await registerNode(bench.db, bench.nodeId);
    await bench.db.query(
      `insert into connections (id, node_id, role, site_id, agent_id) values ($1, $2, 'agent', $3, $4)`,
      [randomUUID(), bench.nodeId, site.id, agent?.id],
    );
    await bench.db.query(`update agents set status = 'available' where id = $1`, [agent?.id]);
    assert.equal(await estimate(), null);
    await bench.db.query(
      `insert into calls (site_id, group_id, visitor_name, state, requested_at, accepted_at, connected_at,
                          ended_at, ended_reason, agent_id)
       select $1, 'pre-sales', 'past', 'ended', now() - interval '20 minutes', now() - interval '19 minutes',
              now() - interval '19 minutes', now() - interval '10 minutes', 'agent-ended', $2`,
      [site.id, agent?.id],
    );
    const range = await estimate();
    assert.ok(range && range.min < range.max);
    // Whoever came or went is counted at once, though the rest is not read each time.
    const setAgent = (status: string) => bench.db.query('update agents set status = $1', [status]);
    await setAgent('break');
    assert.equal(await estimate(), null);
    await setAgent('available');
    assert.deepEqual(await estimate(), range);
  });

  test('what waits are estimated from is read once in two seconds, for as many as wait', async () => {
    const site = await makeSite(bench.db);
    const calls = await addCalls(bench, site, 2);
    await bench.db.query(
      `update calls set state = 'ended', accepted_at = requested_at, connected_at = requested_at, ended_at = now(),
              ended_reason = 'agent-ended' where id = $1`,
      [calls[0]],
    );
    const { query, count } = counting(bench.db);
    const bases = new WaitBases({ query });
    const lines = [{ siteId: site.id, groupId: 'pre-sales', agentOnline: false }];
    const statements: number[] = [];
    for (const now of [0, 1_999, 2_000, 3_999]) {
      assert.equal((await bases.of(lines, now)).size, 1);
      statements.push(count.statements);
    }
    assert.deepEqual(statements, [1, 1, 2, 2]);
    assert.equal((await bases.of([], 6_000)).size, 0, 'nothing is kept of who waits no more');
  });

  test('a desk shows a hundred of those who wait, of its own groups, without their params', async () => {
    const site = await makeSite(bench.db);
    const foreign = await makeSite(bench.db);
    await addCalls(bench, foreign, 3);
    const calls = await addCalls(bench, site, 120);
    await bench.db.query(`update calls set params = '{"a":"b"}', priority = 1 where id = $1`, [
      calls.at(-1),
    ]);
    const connection = randomUUID();
    const { query, count } = counting(bench.db);
    const agentId = site.agents[0]?.id ?? '';
    const views = new AgentViews({ query }, tickets, BUILT_IN_MEDIA);
    const readings = await views.read([
      { connection, agentId, entered: null, changed: 'all', tab: {} },
    ]);
    const view = readings.get(connection)?.view as AgentView;
    assert.equal(count.statements, 2);
    assert.equal(view.waiting.length, 100);
    assert.equal(view.waiting[0]?.id, calls.at(-1), 'priority goes first');
    assert.deepEqual(
      view.waiting.map(({ position }) => position),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    assert.ok(view.waiting.every(({ visitor }) => Object.keys(visitor.params).length === 0));
  });

  test('today counts each closed offer once, and what came to no talk as withdrawn', async () => {
    const site = await makeSite(bench.db);
    const agent = site.agents[0]?.id ?? '';
    const calls = await addCalls(bench, site, 5);
    const outcomes = ['declined', 'missed', 'withdrawn', 'accepted', 'accepted'];
    for (const [index, state] of outcomes.entries()) {
      await bench.db.query(
        `insert into offers (call_id, agent_id, epoch, state, deadline, closed_at, why, offered_at)
         values ($1, $2, 1, $3, now(), now(), 'test', now() + make_interval(secs => $4))`,
        [calls[index], agent, state, index],
      );
    }
    await bench.db.query(
      `update calls set state = 'ended', agent_id = $2, accepted_at = now() - interval '1 minute',
              connected_at = now() - interval '40 seconds', ended_at = now(), ended_reason = 'agent-ended'
        where id = $1`,
      [calls[3], agent],
    );
    const connection = randomUUID();
    const views = new AgentViews(bench.db, tickets, BUILT_IN_MEDIA);
    const readings = await views.read([
      { connection, agentId: agent, entered: null, changed: 'all', tab: {} },
    ]);
    const { today } = readings.get(connection)?.view as AgentView;
    assert.deepEqual(
      [today.talked, today.missed, today.declined, today.averageSeconds],
      [1, 1, 1, 40],
    );
    assert.deepEqual(
      today.calls.map(({ outcome, seconds }) => [outcome, seconds]),
      [
        ['withdrawn', 0],
        ['talked', 40],
        ['withdrawn', 0],
        ['missed', 0],
        ['declined', 0],
      ],
    );
  });
});
