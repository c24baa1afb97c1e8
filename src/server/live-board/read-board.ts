import type { BoardFlow } from '../../protocol/board-view.ts';
import type { AgentRole } from '../../protocol/views.ts';
import type { StatusFacts } from '../agents/agent-status.ts';
import type { Queryable } from '../database/database.ts';
import { LEG_TALK_SECONDS, MIDNIGHT, MOMENT, ms } from '../views/view-columns.ts';

/** Sums over ended calls of one group, and over the legs of these calls. */
export interface EndedSums {
  readonly offered: number;
  readonly answered: number;
  readonly answeredInTime: number;
  readonly abandoned: number;
  readonly abandonedEarly: number;
  /** Legs with a talk. */
  readonly handled: number;
  readonly talkSeconds: number;
  readonly wrapUpSeconds: number;
}

/** What the sums of a day depend on. */
interface DayBounds {
  /** The last midnight in the site's time zone. */
  readonly midnight: number;
  readonly serviceLevelSeconds: number;
  readonly shortAbandonSeconds: number;
}

export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly waiting: number;
  readonly waitingSince: number | null;
  readonly ringing: number;
  readonly inCall: number;
  readonly callbacks: number;
  /** Live calls in which visitor and agent have met; of them, those that were answered in time. */
  readonly talking: number;
  readonly talkingInTime: number;
  /** Of the calls that ended since the cutoff. Null: there are none. */
  readonly ended: EndedSums | null;
}

export interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly chosen: StatusFacts['chosen'];
  readonly chosenSince: number;
  readonly reason: string | null;
  /** Since when no socket of the agent lives; null while one does. */
  readonly goneAt: number | null;
  readonly legs: StatusFacts['legs'];
}

/** What a watcher may see at this moment. */
export interface WatcherRow {
  readonly agentId: string;
  readonly role: AgentRole;
  readonly groups: readonly string[];
}

export interface BoardRow extends DayBounds {
  readonly rev: number;
  readonly now: number;
  readonly flow: BoardFlow;
  readonly groups: readonly GroupRow[];
  readonly agents: readonly AgentRow[];
  readonly watchers: readonly WatcherRow[];
}

/** For the row `c` of calls and its site `s`: answered in time. A callback always counts as in time. */
const inTime = `c.connected_at is not null and (c.callback_id is not null
  or c.connected_at - c.requested_at <= make_interval(secs => s.service_level_seconds))`;

/** For the row `s` of sites: `EndedSums` by group. It counts calls whose end is at `from` or later, and before `to`. */
const endedSums = (from: string, to: string): string => `
  select c.group_id,
         json_build_object(
           'offered', count(*),
           'answered', count(c.connected_at),
           'answeredInTime', count(*) filter (
             where ${inTime}),
           'abandoned', count(*) filter (where is_abandoned(c)),
           'abandonedEarly', count(*) filter (
             where is_abandoned(c) and c.ended_at - c.requested_at < make_interval(secs => s.short_abandon_seconds)),
           'handled', coalesce(sum(t.handled), 0),
           'talkSeconds', coalesce(sum(t.talk), 0)::float8,
           'wrapUpSeconds', coalesce(sum(t.wrap_up), 0)::float8) as sums
    from calls c
   cross join lateral (
     select count(*) as handled,
            sum(${LEG_TALK_SECONDS}) as talk,
            sum(extract(epoch from l.closed_at - l.left_at)) as wrap_up
       from legs l
      where l.call_id = c.id and l.kind <> 'monitor' and l.joined_at is not null and l.left_at >= c.connected_at) t
   where c.site_id = s.id and c.group_id is not null and c.ended_at >= ${from} and c.ended_at < ${to}
   group by c.group_id`;

/** `$1` the site, `$2` the cutoff in ms since 1970, `$3` the agents who watch. */
const READ = `
select ${MOMENT}, ${ms(MIDNIGHT)} as midnight,
       s.service_level_seconds as "serviceLevelSeconds", s.short_abandon_seconds as "shortAbandonSeconds",
       (select json_build_object('choosing', count(*), 'since', ${ms('min(c.requested_at)')})
          from calls c where c.site_id = s.id and c.state = 'choosing') as flow,
       (select coalesce(json_agg(json_build_object(
                 'id', g.id, 'name', g.name, 'waiting', coalesce(live.waiting, 0), 'waitingSince', live.waiting_since,
                 'ringing', coalesce(live.ringing, 0), 'inCall', coalesce(live.in_call, 0),
                 'callbacks', coalesce(open.callbacks, 0), 'talking', coalesce(live.talking, 0),
                 'talkingInTime', coalesce(live.talking_in_time, 0), 'ended', ended.sums)), '[]')
          from skill_groups g
          left join (
            select c.group_id,
                   count(*) filter (where c.state = 'queued') as waiting,
                   ${ms(`min(c.requested_at) filter (where c.state in ('queued', 'offered') and c.callback_id is null)`)} as waiting_since,
                   count(*) filter (where c.state = 'offered') as ringing,
                   count(*) filter (where c.state in ('accepted', 'ready', 'connected')) as in_call,
                   count(c.connected_at) as talking,
                   count(*) filter (where ${inTime}) as talking_in_time
              from calls c
             where c.site_id = s.id and c.ended_at is null and c.group_id is not null
             group by c.group_id) live on live.group_id = g.id
          left join (
            select f.group_id, count(*) as callbacks from follow_ups f
             where f.site_id = s.id and f.handled_at is null
               and exists (select from callbacks b where b.id = f.id)
             group by f.group_id) open on open.group_id = g.id
          left join (${endedSums(`greatest(to_timestamp($2::float8 / 1000), ${MIDNIGHT})`, `'infinity'`)}
            ) ended on ended.group_id = g.id
         where g.site_id = s.id) as groups,
       (select coalesce(json_agg(json_build_object(
                 'id', a.id, 'name', a.name, 'groups', m.groups, 'chosen', a.status,
                 'chosenSince', ${ms('a.status_since')}, 'reason', a.status_reason, 'goneAt', ${ms('a.gone_at')},
                 'legs', coalesce(l.legs, '[]'))), '[]')
          from agents a
          join (select m.agent_id, json_agg(m.group_id order by m.group_id) as groups
                  from memberships m where m.site_id = s.id group by m.agent_id) m on m.agent_id = a.id
          left join (
            select l.agent_id, json_agg(json_build_object(
                     'kind', l.kind, 'state', l.state, 'offeredAt', ${ms('l.offered_at')},
                     'acceptedAt', ${ms('l.accepted_at')}, 'leftAt', ${ms('l.left_at')})) as legs
              from legs l
             where l.site_id = s.id and l.state in ('offered', 'accepted', 'joined', 'left')
               and (l.state <> 'left' or l.wrap_up_until > now())
             group by l.agent_id) l on l.agent_id = a.id
         where a.site_id = s.id and a.disabled_at is null) as agents,
       (select coalesce(json_agg(json_build_object(
                 'agentId', a.id, 'role', a.role,
                 'groups', array(select m.group_id from memberships m where m.agent_id = a.id))), '[]')
          from agents a
         where a.site_id = s.id and a.id = any ($3::uuid[]) and a.disabled_at is null) as watchers
  from sites s where s.id = $1`;

/**
 * Reads everything that a site's board shows now, in one statement. Ended calls are summed only from `cutoff` on (ms
 * since 1970). Null: the site is gone.
 */
export async function readBoard(
  db: Queryable,
  { site, cutoff, watchers }: { site: string; cutoff: number; watchers: readonly string[] },
): Promise<BoardRow | null> {
  const { rows } = await db.query<Omit<BoardRow, 'rev'> & { rev: string }>(READ, [
    site,
    cutoff,
    watchers,
  ]);
  return rows[0] ? { ...rows[0], rev: Number(rows[0].rev) } : null;
}

/** The sums of a day until the cutoff. */
export interface DaySums extends DayBounds {
  /** Ms since 1970. */
  readonly cutoff: number;
  /** By group. */
  readonly ended: Readonly<Record<string, EndedSums>>;
}

/** Calls that ended so long ago are in the tables: their transactions have been committed. */
const CUTOFF_AGE_SECONDS = 10;
const CUTOFF = `(date_trunc('second', now()) - interval '${CUTOFF_AGE_SECONDS} seconds')`;

const READ_DAY = `
select ${ms(MIDNIGHT)} as midnight, ${ms(CUTOFF)} as cutoff,
       s.service_level_seconds as "serviceLevelSeconds", s.short_abandon_seconds as "shortAbandonSeconds",
       (select coalesce(json_object_agg(e.group_id, e.sums), '{}')
          from (${endedSums(MIDNIGHT, CUTOFF)}) e) as ended
  from sites s where s.id = $1`;

/** Sums the calls of today that ended before the cutoff. It reads every one of them. Null: the site is gone. */
export async function readDaySums(db: Queryable, site: string): Promise<DaySums | null> {
  return (await db.query<DaySums>(READ_DAY, [site])).rows[0] ?? null;
}

/** Whether sums of a day go with this row: nothing that they depend on has changed. */
export function isSameDay(a: DayBounds, b: DayBounds): boolean {
  return (
    a.midnight === b.midnight &&
    a.serviceLevelSeconds === b.serviceLevelSeconds &&
    a.shortAbandonSeconds === b.shortAbandonSeconds
  );
}
