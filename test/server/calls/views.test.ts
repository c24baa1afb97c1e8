import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import { AgentViews } from '../../../src/server/agents/agent-views.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { readVisitorViews } from '../../../src/server/calls/visitor-views.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { Tickets } from '../../../src/server/rooms/tickets.ts';
import { onBothDatabases, type TestDatabase } from '../../support/databases.ts';
import { makeSite, TEST_KEY, type TestSite } from '../../support/signaling-server.ts';
import { CallWorld } from './call-world.ts';

const tickets = new Tickets({ key: TEST_KEY, turn: null });

async function addCalls(test: TestDatabase, site: TestSite, many: number): Promise<string[]> {
  const { rows } = await test.db.query<{ id: string }>(
    `insert into calls (site_id, group_id, visitor_name, requested_at)
     select $1, 'pre-sales', 'V' || n, now() - make_interval(secs => 1000 - n)
       from generate_series(1, $2::int) n returning id`,
    [site.id, many],
  );
  return rows.map(({ id }) => id);
}

const asVisitors = (site: { readonly id: string }, calls: readonly (string | null)[]) =>
  calls.map((callId) => ({
    connection: randomUUID(),
    site: { id: site.id, name: 'Demo Power', media: 'mesh' as const },
    callId,
  }));

async function read(db: Queryable, asked: ReturnType<typeof asVisitors>): Promise<VisitorView[]> {
  const readings = await readVisitorViews(db, tickets, asked);
  return asked.map(({ connection }) => readings.get(connection)?.view as VisitorView);
}

onBothDatabases((bench) => {
  test('each of a hundred visitors of a group has the own place in the queue', async () => {
    const site = await makeSite(bench.db);
    const views = await read(bench.db, asVisitors(site, await addCalls(bench, site, 100)));
    assert.deepEqual(
      views.map(({ call }) => call?.position),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
  });

  test('places are counted in each group by priority and then by age, over offered calls too', async () => {
    const [site, other] = [await makeSite(bench.db), await makeSite(bench.db)];
    await addCalls(bench, other, 3);
    const calls = await addCalls(bench, site, 4);
    await bench.db.query('update calls set priority = 9 where id = $1', [calls[3]]);
    await bench.db.query(`update calls set state = 'offered' where id = $1`, [calls[0]]);
    await bench.db.query(`update calls set group_id = 'after-sales' where id = $1`, [calls[1]]);
    const views = await read(bench.db, asVisitors(site, calls));
    assert.deepEqual(
      views.map(({ call }) => [call?.state, call?.position]),
      [
        ['ringing', 2],
        ['queued', 1],
        ['queued', 3],
        ['queued', 1],
      ],
    );
  });

  test('a visitor without a call is shown the site, with a rev and the database’s clock', async () => {
    const site = await makeSite(bench.db);
    const [asked] = asVisitors(site, [null]);
    assert.ok(asked);
    const one = async () =>
      (await readVisitorViews(bench.db, tickets, [asked])).get(asked.connection);
    const [first, second] = [await one(), await one()];
    assert.deepEqual(first?.view, { role: 'visitor', site: asked.site, call: null });
    assert.ok(first && second && second.rev > first.rev && second.now >= first.now);
    assert.ok(Math.abs(first.now - Date.now()) < 60_000);
  });

  test('an estimate is given once the group has a history and an agent is there, and not before', async () => {
    const site = await makeSite(bench.db);
    const agent = site.agents[0];
    const asked = asVisitors(site, await addCalls(bench, site, 1));
    const estimate = async () => (await read(bench.db, asked))[0]?.call?.estimate;
    assert.equal(await estimate(), null);
    await registerNode(bench.db, bench.nodeId);
    await bench.db.query(
      `insert into connections (id, node_id, role, site_id, agent_id) values ($1, $2, 'agent', $3, $4)`,
      [randomUUID(), bench.nodeId, site.id, agent?.id],
    );
    const setAgent = (status: string) => bench.db.query('update agents set status = $1', [status]);
    await setAgent('available');
    assert.equal(await estimate(), null);
    await bench.db.query(
      `insert into calls (site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
       values ($1, 'pre-sales', 'past', 'ended', now() - interval '20 minutes', now() - interval '19 minutes',
               now() - interval '10 minutes', 'agent-ended')`,
      [site.id],
    );
    const range = await estimate();
    assert.ok(range && range.min < range.max);
    await setAgent('break');
    assert.equal(await estimate(), null);
    await setAgent('available');
    assert.deepEqual(await estimate(), range);
  });

  test('a visitor learns room, ticket and agent from `ready` on and not before', async () => {
    const world = await CallWorld.make(bench.db, bench.nodeId);
    const alice = await world.agent('Alice');
    const visitor = await world.visitor();
    const reading = async () => {
      const { connection, callId } = visitor;
      const asked = {
        connection,
        site: { id: 'shop', name: 'Shop', media: 'mesh' },
        callId,
      } as const;
      const found = (await readVisitorViews(bench.db, tickets, [asked])).get(connection);
      assert.ok(found?.view.role === 'visitor' && found.view.call);
      return { ...found, call: found.view.call };
    };
    const own = await world.accepted(visitor, alice);
    const accepted = await reading();
    assert.deepEqual(
      [accepted.call.state, accepted.call.rooms, accepted.call.agentName, accepted.rooms],
      ['ringing', [], null, []],
    );
    assert.ok(!accepted.topics.has(`room:${own.room}`));

    await enterRoom(bench.db, { ...own, connectionId: alice.tab });
    const { call, rooms, topics } = await reading();
    assert.deepEqual([call.state, call.agentName, call.position], ['ready', 'Alice', null]);
    const [room] = call.rooms;
    assert.deepEqual(
      [call.rooms.length, room?.number, room?.kind, room?.participants.map(({ name }) => name)],
      [1, own.room, 'call', ['Alice']],
    );
    assert.deepEqual(room?.ticket?.permissions, { speak: true, show: true, hidden: false });
    assert.deepEqual(rooms, [{ room: own.room, participant: room?.ticket?.participant }]);
    assert.ok(topics.has(`room:${own.room}`));

    await bench.db.query(`update participants set hidden = true where id = $1`, [own.participant]);
    assert.deepEqual((await reading()).call.rooms[0]?.participants, [], 'nobody sees a hidden one');
    await endCall(bench.db, { callId: visitor.callId, by: { role: 'visitor' } });
    const ended = await reading();
    assert.deepEqual([ended.call.state, ended.call.rooms, ended.rooms], ['ended', [], []]);
  });

  test('a desk shows a hundred of those who wait, of its own groups, with a few params of the first ones', async () => {
    const site = await makeSite(bench.db);
    const foreign = await makeSite(bench.db);
    await addCalls(bench, foreign, 3);
    const calls = await addCalls(bench, site, 120);
    const params = JSON.stringify(
      Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 'x'.repeat(500)])),
    );
    await bench.db.query('update calls set params = $2, priority = 9 where id = $1', [
      calls.at(-1),
      params,
    ]);
    await bench.db.query('update calls set params = $2 where id = $1', [calls[50], params]);
    const connection = randomUUID();
    const agentId = site.agents[0]?.id ?? '';
    const views = new AgentViews(bench.db, tickets, BUILT_IN_MEDIA);
    const readings = await views.read([{ connection, agentId, changed: 'both', tab: {} }]);
    const view = readings.get(connection)?.view as AgentView;
    assert.equal(view.waiting.length, 100);
    assert.equal(view.waiting[0]?.id, calls.at(-1), 'the highest priority goes first');
    assert.deepEqual(
      view.waiting.map(({ position }) => position),
      Array.from({ length: 100 }, (_, i) => i + 1),
    );
    const paramsOf = (id: string | undefined) =>
      view.waiting.find((call) => call.id === id)?.visitor.params ?? {};
    assert.deepEqual(Object.keys(paramsOf(calls.at(-1))), ['a', 'b', 'c']);
    assert.ok(JSON.stringify(view.waiting[0]).length < 1_000, 'long values are cut');
    assert.deepEqual(paramsOf(calls[50]), {});
  });
});
