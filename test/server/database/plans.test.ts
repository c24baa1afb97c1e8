import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mock, test } from 'node:test';
import type { Queryable } from '../../../src/server/database/database.ts';
import { PoolDatabase } from '../../../src/server/database/pool-database.ts';
import { onBothStores } from '../../support/both-stores.ts';
import {
  accept,
  callFrom,
  deskOf,
  enter,
  makeSite,
  type TestSite,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** They grow with every call that there ever was. */
const HISTORY = new Set([
  'calls',
  'offers',
  'rooms',
  'participants',
  'messages',
  'past_transitions',
]);
/** Who goes through one of these, goes through what is going on. */
const LIVE = new Set([
  'calls_live',
  'calls_line',
  'calls_agent',
  'offers_one_of_a_call',
  'rooms_open',
]);
const OVER = 5_000;

/** A node of a plan, as `explain (format json)` has it. */
interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Plan[];
}

/** Ended calls of the site, each with its offer, its room, a join and a message. */
async function addHistory(db: Queryable, { id, agents }: TestSite): Promise<void> {
  const agent = agents[0]?.id;
  await db.query(
    `insert into calls (site_id, group_id, visitor_name, state, agent_id, room, requested_at, accepted_at, ended_at, ended_reason)
     select $1, 'pre-sales', 'V', 'ended', $2, n, now() - make_interval(mins => n), now() - make_interval(mins => n),
            now() - make_interval(mins => n), 'agent-ended' from generate_series(1, $3::int) n`,
    [id, agent, OVER],
  );
  await db.query(
    `insert into offers (call_id, agent_id, epoch, state, offered_at, deadline, closed_at, why)
     select id, agent_id, 1, 'accepted', accepted_at, accepted_at, accepted_at, '' from calls where site_id = $1`,
    [id],
  );
  await db.query(
    `insert into rooms (number, site_id, call_id, closed_at) select room, site_id, id, ended_at from calls where site_id = $1`,
    [id],
  );
  await db.query(
    `insert into participants (id, room, role, name, left_at)
     select 'over-' || number, number, 'visitor', 'V', closed_at from rooms where site_id = $1`,
    [id],
  );
  await db.query(
    `insert into messages (room, sequence, id, participant_id, text)
     select number, 1, gen_random_uuid(), 'over-' || number, 'x' from rooms where site_id = $1`,
    [id],
  );
}

/** Looks at a table, or at an index of it, from one end to the other. */
function readsWhole({ 'Relation Name': table, ...node }: Plan): boolean {
  return HISTORY.has(table ?? '') && / Scan$/.test(node['Node Type']) && !node['Index Cond'];
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan;
  for (const part of plan.Plans ?? []) yield* nodesOf(part);
}

async function planOf(db: Queryable, text: string): Promise<Plan> {
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (generic_plan, format json) ${text}`,
  );
  assert.ok(rows[0]);
  return rows[0]['QUERY PLAN'][0].Plan;
}

/** All that the server asks while `act` runs; `byKey`: what it asks for many at once, each by a key of theirs, and views. */
async function record(act: () => Promise<void>) {
  const asked = new Set<string>();
  const byKey = new Set<string>();
  const { query, batch } = PoolDatabase.prototype;
  const replace = (
    name: 'query' | 'batch',
    by: (this: PoolDatabase, ...args: never[]) => unknown,
  ) => mock.method(PoolDatabase.prototype, name, by);
  replace('query', function (text: string, values?: readonly unknown[]) {
    // Without values it is the test's own.
    if (values) asked.add(text);
    if (text.includes('snapshot_rev')) byKey.add(text);
    return query.call(this, text, values);
  });
  replace('batch', function (text: string, key: string, values: readonly unknown[]) {
    byKey.add(text);
    return batch.call(this, text, key, values);
  });
  try {
    await act();
    await waitUntil('a sweep', () => [...asked].some((text) => text.includes(`'missed'`)));
  } finally {
    mock.restoreAll();
  }
  return { asked, byKey };
}

onBothStores((bench) => {
  test('nothing goes through the calls of all days, and no step of a call through those of others', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const { asked, byKey } = await record(async () => {
      const first = await deskOf(url, site.agents[0]);
      const { visitor, callId } = await callFrom(url, site);
      const { offer } = await first.waitFor((view) => view.offer);
      await first.command({ type: 'decline-offer', offerId: offer?.id ?? '' });
      await first.command({ type: 'set-status', status: 'break' });
      const second = await deskOf(url, site.agents[1]);
      const { room } = await accept(second);
      await enter(second);
      await enter(visitor);
      await second.waitFor(({ call }) => call?.state === 'connected');
      await visitor.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'Hello' });
      await second.command({ type: 'end-call', callId });
      await visitor.waitFor(({ call }) => call?.ended);
      await Promise.all([visitor.close(), first.close(), second.close()]);
    });
    await addHistory(database, await makeSite(database));
    // As at night, when nobody calls: then the planner takes what lives for next to nothing.
    await database.query('vacuum analyze');
    const whole: string[] = [];
    for (const text of asked) {
      if (!/^\s*(with|select|update|insert|delete)\b/.test(text)) continue;
      for (const node of nodesOf(await planOf(database, text))) {
        const spared = LIVE.has(node['Index Name'] ?? '') && !byKey.has(text);
        if (readsWhole(node) && !spared) {
          whole.push(`${node['Relation Name']} by ${node['Index Name']} in ${text.slice(0, 200)}`);
        }
      }
    }
    assert.deepEqual(whole, []);
    assert.ok(byKey.size >= 6 && [...byKey].every((text) => asked.has(text)));
  });
});
