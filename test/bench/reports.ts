import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../src/server/database/open-database.ts';
import type { Database } from '../../src/server/database/database.ts';
import type { ReportQuery } from '../../src/protocol/rest/reports.ts';
import { readReport } from '../../src/server/reports/read-report.ts';
import { countCalls, rollUpCalls } from '../../src/server/reports/roll-up.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { median, type Benchmark, type Result } from './result.ts';

const CALLS = 1_000_000;
const CALLS_A_DAY = Math.ceil(CALLS / 365);
const GROUPS = 8;
const AGENTS = 64;
const OUTCOMES = 16;
const MAX_SECONDS = 1;
/** Of the roll-up's steps, which are 1,000 calls each, so many are measured. The other calls are counted in large chunks. */
const STEPS = 20;
const CHUNK = 50_000;
/** Each report is read so often. */
const ROUNDS = 5;

/**
 * A year of calls between 8 and 20 o'clock, in the order of their requests: nine of ten are answered, each with its
 * events and one leg. Triggers and foreign keys are off while it is written, since they would take most of the time.
 */
const WRITE_YEAR = [
  `insert into sites (id, name, time_zone) values ('shop', 'Shop', 'Europe/Berlin')`,
  `insert into skill_groups (site_id, id, name, position)
   select 'shop', 'group-' || i, 'Group ' || i, i from generate_series(1, ${GROUPS}) i`,
  `insert into agents (site_id, username, name)
   select 'shop', 'agent-' || i, 'Agent ' || i from generate_series(1, ${AGENTS}) i`,
  `insert into dispositions (site_id, code, level, position, label)
   select 'shop', 'outcome-' || i, 1, i, '{"en": "Outcome"}' from generate_series(1, ${OUTCOMES}) i`,
  `set session_replication_role = replica`,
  `insert into calls (id, site_id, group_id, visitor_name, state, event_count, requested_at, connected_at, ended_at,
                      ended_reason)
   select ('00000000-0000-4000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'shop',
          'group-' || (1 + (hashint4(i) & ${GROUPS - 1})), 'Visitor', 'ended', 3, t.at,
          case when i % 10 > 0 then t.at + make_interval(secs => i % 47) end,
          t.at + make_interval(secs => case when i % 10 > 0 then 60 + i % 600 else i % 90 end),
          case when i % 10 > 0 then 'agent-ended' else 'cancelled' end
     from generate_series(0, ${CALLS - 1}) i
    cross join lateral (
      select timestamptz '2025-01-01 08:00+01' + make_interval(
               days => i / ${CALLS_A_DAY}, secs => (i % ${CALLS_A_DAY}) * 43200.0 / ${CALLS_A_DAY}) as at) t`,
  `insert into legs (call_id, agent_id, site_id, group_id, reason, state, offered_at, accepted_at, joined_at, left_at,
                     closed_at, disposition)
   select c.id, a.ids[1 + (hashtext(c.id::text) & ${AGENTS - 1})], 'shop', c.group_id, '{}', 'closed', c.requested_at,
          c.connected_at, c.connected_at, c.ended_at, c.ended_at + interval '30 seconds',
          'outcome-' || (1 + (hashtext(c.id::text || 'x') & ${OUTCOMES - 1}))
     from calls c cross join (select array_agg(id) as ids from agents) a
    where c.connected_at is not null`,
  `insert into call_events (call_id, sequence, type, actor, at)
   select c.id, e.sequence, e.type, 'system', case when e.type = 'ended' then c.ended_at else c.requested_at end
     from calls c cross join (values (1, 'created'), (2, 'queued'), (3, 'ended')) e (sequence, type)`,
  `set session_replication_role = origin`,
  `vacuum analyze`,
];

const YEAR = { from: '2025-01-01', to: '2025-12-31' };
const REPORTS: Readonly<Record<string, Omit<ReportQuery, 'format'>>> = {
  'by group': { ...YEAR, by: 'group' },
  'by group, each day': { ...YEAR, by: 'group', interval: 'day' },
  'by agent': { ...YEAR, by: 'agent' },
  'by agent, each month': { ...YEAR, by: 'agent', interval: 'month' },
  'by agent, one group': { ...YEAR, by: 'agent', group: 'group-3' },
  'by hour of the day': { ...YEAR, by: 'hour' },
  'by disposition': { ...YEAR, by: 'disposition' },
  'by disposition, each week': { ...YEAR, by: 'disposition', interval: 'week' },
};

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Calls that the roll-up counts in a second, over some of its steps. All calls are counted afterwards. */
async function rollUpYear(db: Database, client: pg.Client): Promise<number> {
  const seconds = await secondsOf(async () => {
    for (let step = 0; step < STEPS; step += 1) await rollUpCalls(db);
  });
  const { rows } = await client.query<{ id: string; counted: boolean }>(
    'select id, reported_at is not null as counted from calls order by requested_at',
  );
  const left = rows.filter(({ counted }) => !counted).map(({ id }) => id);
  for (let from = 0; from < left.length; from += CHUNK) {
    await countCalls(client, left.slice(from, from + CHUNK));
  }
  return (rows.length - left.length) / seconds;
}

/** Rolls the year up, and then reads each kind of report. */
async function measure(db: Database, client: pg.Client): Promise<readonly Result[]> {
  const callsPerSecond = await rollUpYear(db, client);
  await client.query('vacuum analyze');
  const rows = await client.query<{ n: number }>('select count(*)::int as n from report_hours');
  console.log(`${rows.rows[0]?.n} rows of figures`);
  const common = { peers: {}, ratio: null };
  const results: Result[] = [
    {
      ...common,
      name: 'reports: calls that the roll-up counts in a second',
      value: callsPerSecond,
      unit: '/s',
      budget: 'none set',
      ok: true,
    },
  ];
  for (const [name, query] of Object.entries(REPORTS)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(await secondsOf(() => readReport(db, { siteId: 'shop', groups: null }, query)));
    }
    const value = median(times);
    results.push({
      ...common,
      name: `reports: a year ${name}`,
      value,
      unit: 's',
      budget: `≤ ${MAX_SECONDS} s`,
      ok: value <= MAX_SECONDS,
    });
  }
  return results;
}

export const reports: Benchmark = {
  name: 'reports',
  async run() {
    const server = await startPostgres();
    const databaseUrl = `${server.address}postgres`;
    const client = new pg.Client({ connectionString: databaseUrl });
    try {
      const db = await openDatabase({ dataDir: '', databaseUrl, nodeId: randomUUID() });
      await client.connect();
      try {
        for (const statement of WRITE_YEAR) await client.query(statement);
        return await measure(db, client);
      } finally {
        await client.end();
        await db.close();
      }
    } finally {
      await server.stop();
    }
  },
};
