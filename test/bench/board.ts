import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { encodeTopics } from '../../src/server/database/notices.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { DeskCluster } from './desk-cluster.ts';
import { atRate } from './load/rate.ts';
import type { Benchmark, Result } from './result.ts';

const GROUPS = 50;
const AGENTS = 1_000;
const ENDED_CALLS = 100_000;
const SECONDS = 20;
const CHANGES_PER_SECOND = 5;
const MAX_CORE_PERCENT = 5;
const MAX_KB_PER_SECOND = 30;
/** In which Linux counts the time of a process. */
const CLOCK_TICK_MS = 10;

const GROUPS_AND_AGENTS = `
with made_groups as (
  insert into skill_groups (site_id, id, name, position)
  select $1, 'group-' || g, 'Group ' || g, g from generate_series(3, $2::int) g),
made_agents as (
  insert into agents (site_id, username, name, status, gone_at)
  select $1, 'person-' || a, 'Person ' || a, 'break', null from generate_series(2, $3::int) a
  returning id)
select count(*) from made_agents`;

const MEMBERSHIPS = `
insert into memberships (agent_id, site_id, group_id)
select a.id, $1, g.id
  from (select id, row_number() over (order by username) as place from agents where site_id = $1) a
  join (select id, row_number() over (order by id) as place, count(*) over () as count
          from skill_groups where site_id = $1) g on g.place in (a.place % g.count + 1, (a.place + 7) % g.count + 1)
on conflict do nothing`;

/** Without a socket they would be shown as offline. */
const CONNECTIONS = `
insert into connections (id, node_id, role, site_id, agent_id)
select gen_random_uuid(), n.id, 'agent', $1, a.id from agents a, nodes n where a.site_id = $1`;

/** `$3` calls that ended within the last `$4` seconds, but today; each with the leg of an agent. */
const CALLS = `
with site as (
  select least(make_interval(secs => $4), now() - date_trunc('day', now(), time_zone)) as span from sites where id = $1),
people as (
  select m.agent_id, m.group_id, row_number() over () as place, count(*) over () as count
    from memberships m where m.site_id = $1),
made as (
  insert into calls (site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
  select $1, p.group_id, 'Visitor', 'ended', t.ended - interval '200 seconds', t.ended - interval '180 seconds', t.ended,
         'visitor-ended'
    from generate_series(1, $3::int) n
    join people p on p.place = (n * 7 + $2::int) % p.count + 1
   cross join lateral (select now() - random() * (select span from site) as ended) t
  returning id, group_id, connected_at, ended_at)
insert into legs (call_id, agent_id, site_id, group_id, reason, state, joined_at, left_at, closed_at)
select m.id, (select p.agent_id from people p where p.group_id = m.group_id limit 1), $1, m.group_id, '{}', 'closed',
       m.connected_at, m.ended_at, m.ended_at + interval '30 seconds' from made m`;

const AGENTS_CHANGE = `
update agents set status = case status when 'break' then 'away' else 'break' end, status_since = now()
 where id in (select id from agents where site_id = $1 and role = 'agent' order by random() limit 4)`;

const QUEUE_CHANGES = `
with gone as (
  delete from calls where id in (select id from calls where site_id = $1 and state = 'queued' order by random() limit 1))
insert into calls (site_id, group_id, visitor_name)
select $1, g.id, 'Visitor' from skill_groups g where g.site_id = $1 order by random() limit 1`;

/** Milliseconds of the CPU that the connections of the database have used; 0 if the system does not tell. */
async function databaseCpu(cluster: DeskCluster): Promise<number> {
  if (process.platform !== 'linux') return 0;
  const { rows } = await cluster.database.query<{ pid: number }>(
    'select pid from pg_stat_activity where pid <> pg_backend_pid() and backend_type = $1',
    ['client backend'],
  );
  const ticks = await Promise.all(
    rows.map(async ({ pid }) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // The fields after the name, which may hold spaces: utime and stime are the 12th and 13th.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  return ticks.reduce((sum, one) => sum + one, 0) * CLOCK_TICK_MS;
}

/** Share of a core that node and database use while the site changes; in percent. */
async function measureCpu(cluster: DeskCluster, site: string): Promise<number> {
  const used = async () => (await cluster.nodes[0]!.ask('cpu')) + (await databaseCpu(cluster));
  const before = await used();
  const started = performance.now();
  let failure: unknown = null;
  let turn = 0;
  const change = async (): Promise<void> => {
    await cluster.database.query(AGENTS_CHANGE, [site]);
    await cluster.database.query(QUEUE_CHANGES, [site]);
    await cluster.database.query(CALLS, [site, (turn += 1), 1, 1]);
    const topics = new Set([`matching:${site}` as const]);
    for (const notice of encodeTopics('bench', topics)) {
      await cluster.database.query(`select pg_notify('rtc_desk', $1)`, [notice]);
    }
  };
  await atRate(CHANGES_PER_SECOND, SECONDS, () => {
    change().catch((error: unknown) => (failure = error));
  });
  if (failure) throw failure;
  return (((await used()) - before) / (performance.now() - started)) * 100;
}

async function run(): Promise<Result[]> {
  const cluster = await DeskCluster.start(1);
  try {
    const { id: site, agents } = await cluster.site(1);
    const [watcher] = agents;
    const [url = ''] = cluster.urls;
    const { database } = cluster;
    await database.query(GROUPS_AND_AGENTS, [site, GROUPS, AGENTS]);
    await database.query(MEMBERSHIPS, [site]);
    await database.query(CONNECTIONS, [site]);
    await database.query(CALLS, [site, 0, ENDED_CALLS, 86_400]);
    await database.query('analyze');
    await database.query(`update agents set role = 'owner', password_hash = 'none' where id = $1`, [
      watcher?.id,
    ]);
    const unwatched = await measureCpu(cluster, site);
    const headers = { cookie: `__Host-rtc-desk-console=${watcher?.token}` };
    const console = await ProtocolClient.open(url, { origin: url, headers });
    console.send({ type: 'hello', protocol: 1, role: 'console' });
    const first = await console.message('board');
    if (first.groups.length !== GROUPS || first.agents.length !== AGENTS) {
      throw new Error(`the board has ${first.groups.length} groups, ${first.agents.length} agents`);
    }
    await delay(1_000);
    const frames = console.frames.length;
    const watched = await measureCpu(cluster, site);
    const sent = console.frames.slice(frames);
    const kilobytes = sent.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0) / 1_000;
    if (sent.length < SECONDS / 2) throw new Error(`only ${sent.length} messages came`);
    console.cut();
    const of = `live board, ${GROUPS} groups and ${AGENTS.toLocaleString('en')} agents, one watcher`;
    const core = watched - unwatched;
    const rate = kilobytes / SECONDS;
    return [
      {
        name: `${of}: of a core, node and database`,
        value: core,
        unit: '%',
        peers: {},
        ratio: null,
        budget: `≤ ${MAX_CORE_PERCENT} %`,
        ok: core <= MAX_CORE_PERCENT,
      },
      {
        name: `${of}: sent`,
        value: rate,
        unit: 'kB/s',
        peers: {},
        ratio: null,
        budget: `≤ ${MAX_KB_PER_SECOND} kB/s`,
        ok: rate <= MAX_KB_PER_SECOND,
      },
    ];
  } finally {
    await cluster.stop();
  }
}

export const board: Benchmark = { name: 'board', run };
