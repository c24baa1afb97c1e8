import type {
  CallEnd,
  RoomView,
  SiteView,
  SkillGroupName,
  VisitorCallView,
  WaitEstimate,
} from '../../protocol/views.ts';
import type { Queryable, Topic } from '../database/database.ts';
import { estimateWait, type WaitBasis } from './estimate-wait.ts';
import type { Join, Tickets } from '../rooms/tickets.ts';
import {
  CALL_END,
  JOIN,
  LAST_WORD,
  MOMENT,
  ROOM_VIEW,
  SKILL,
  ms,
} from '../database/view-columns.ts';
import { openRoom, standingOf, type LastWord, type ViewReading } from '../presence/view-reading.ts';
import type { LineAsked, WaitBases } from './wait-bases.ts';

export interface VisitorAsked {
  readonly connection: string;
  readonly site: SiteView;
  readonly callId: string | null;
}

/** `id` is null in the one row that carries the moment where there is no call at all. */
interface CallRow {
  readonly rev: string;
  readonly now: number;
  readonly id: string | null;
  readonly site_id: string;
  readonly state: 'queued' | 'offered' | 'accepted' | 'ready' | 'connected' | 'ended';
  readonly skill: SkillGroupName;
  readonly requested_at: number;
  readonly connected_at: number | null;
  readonly position: number | null;
  readonly agent_online: boolean;
  readonly agent_name: string | null;
  readonly join: Join | null;
  readonly room: RoomView | null;
  readonly last_word: LastWord | null;
  readonly ended: CallEnd | null;
  readonly connections: string[];
}

/**
 * Every call that was asked for, with its place among all that wait for the same group; an offered call
 * keeps its place, so that a number only ever falls. Room, ticket and agent come out of the tables only
 * from `ready` on (DESIGN 2).
 */
const READ = `
  with lines as materialized (
    select distinct site_id, group_id from calls
     where id = any($1::uuid[]) and accepted_at is null and ended_at is null),
  places as materialized (
    select l.* from lines cross join lateral (
      select c.id, (row_number() over (order by c.priority desc, c.requested_at, c.id))::int as position
        from calls c
       where c.site_id = lines.site_id and c.group_id = lines.group_id
         and c.accepted_at is null and c.ended_at is null) l
     -- 'is true' makes it a look into a table of the ids, where a join would go through all of them for each place.
     where (l.id in (select unnest($1::uuid[]))) is true),
  mine as materialized (
    select c.*, p.position from places p
     -- A fence: one look by its key for each.
     cross join lateral (select * from calls c where c.id = p.id offset 0) c
    union all
    select c.*, null from calls c
     where c.id = any($1::uuid[]) and (c.accepted_at is not null or c.ended_at is not null)),
  -- Once for each group, and there up to the first who is found: asked of each call it made a list of all
  -- agents of all sites, which was half of what one visitor's view cost beside a hundred agents.
  groups as materialized (
    select g.site_id, g.id, ${SKILL} as skill, coalesce((
             select true from agent_groups ag join agents a on a.id = ag.agent_id
              where ag.site_id = g.site_id and ag.group_id = g.id and a.status = 'available'
                and exists (select from connections x where x.agent_id = a.id) limit 1), false) as agent_online
      from (select distinct site_id, group_id from mine) d
      join skill_groups g on g.site_id = d.site_id and g.id = d.group_id)
  select ${MOMENT}, c.id, c.site_id, c.state, g.skill, g.agent_online,
         ${ms('c.requested_at')} as requested_at, ${ms('c.connected_at')} as connected_at,
         c.position,
         case when c.state in ('ready', 'connected') or c.connected_at is not null
              then (select a.name from agents a where a.id = c.agent_id) end as agent_name,
         case when c.state in ('ready', 'connected') then (
           select ${JOIN} from participants p join rooms r on r.number = p.room
            where p.room = c.room and p.role = 'visitor' and p.left_at is null
            order by p.issued_at desc, p.id limit 1) end as join,
         case when c.state in ('ready', 'connected') then (
           select ${ROOM_VIEW} from rooms r where r.number = c.room) end as room,
         case when c.state in ('ready', 'connected', 'ended') then (
           select ${LAST_WORD} from rooms r where r.number = c.room) end as last_word,
         ${CALL_END} as ended,
         array(select x.id::text from connections x where x.call_id = c.id and x.role = 'visitor'
                order by x.connected_at desc, x.id desc) as connections
    from (select 1) as always
    left join mine c on true
    left join groups g on g.site_id = c.site_id and g.id = c.group_id`;

/** Reads the views of visitors in one statement, all of them at one moment. */
export async function readVisitorViews(
  db: Queryable,
  tickets: Tickets,
  bases: WaitBases,
  asked: readonly VisitorAsked[],
): Promise<Map<string, ViewReading>> {
  const ids = new Set(asked.flatMap(({ callId }) => (callId === null ? [] : [callId])));
  const { rows } = await db.query<CallRow>(READ, [[...ids]]);
  const moment = rows[0];
  if (!moment) throw new Error('The statement of the visitors’ views always answers a row.');
  const byCall = new Map(rows.map((row) => [row.id, row]));
  const based = await bases.of(linesOf(rows), moment.now);
  const readings = new Map<string, ViewReading>();
  for (const { connection, site, callId } of asked) {
    const row = callId === null ? undefined : byCall.get(callId);
    const ticket = row?.join ? tickets.make(row.join, row.now) : null;
    const call = row && show(row, estimateFor(row, based), ticket);
    readings.set(connection, {
      rev: Number(moment.rev),
      now: moment.now,
      view: { role: 'visitor', site, call: call ?? null },
      topics: row ? topicsOf(row) : new Set(),
      room: row?.join ? openRoom(row.join) : null,
      lastWord: row?.last_word ?? null,
      // An ended call has let go of its connections; there is nothing left to take over.
      standing: row && row.state !== 'ended' ? standingOf(connection, row.connections) : 'current',
    });
  }
  return readings;
}

/** The groups in which somebody of these waits. */
function linesOf(rows: readonly CallRow[]): LineAsked[] {
  return rows.flatMap(({ position, site_id: siteId, skill, agent_online: agentOnline }) =>
    position === null ? [] : [{ siteId, groupId: skill.id, agentOnline }],
  );
}

function estimateFor(row: CallRow, bases: ReadonlyMap<string, WaitBasis>): WaitEstimate | null {
  return row.position === null ? null : estimateWait(bases.get(groupOf(row)), row.position);
}

function groupOf(row: CallRow): string {
  return `${row.site_id}/${row.skill.id}`;
}

function show(
  row: CallRow,
  estimate: WaitEstimate | null,
  ticket: VisitorCallView['ticket'],
): VisitorCallView {
  return {
    id: row.id ?? '',
    state: row.state === 'offered' || row.state === 'accepted' ? 'ringing' : row.state,
    skill: row.skill,
    requestedAt: row.requested_at,
    position: row.position,
    estimate,
    agentOnline: row.agent_online,
    agentName: row.agent_name,
    connectedAt: row.connected_at,
    ticket,
    room: row.room,
    ended: row.ended,
  };
}

function topicsOf(row: CallRow): Set<Topic> {
  const topics = new Set<Topic>([`call:${row.id}`]);
  if (row.position !== null) topics.add(`group:${groupOf(row)}`);
  if (row.room) topics.add(`room:${row.room.number}`);
  return topics;
}
