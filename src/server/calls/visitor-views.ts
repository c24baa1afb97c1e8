import type {
  CallEnd,
  FirstSignal,
  IceServer,
  SkillGroupName,
  VisitorCallView,
  WaitEstimate,
} from '../../protocol/views.ts';
import type { VisitorSiteView } from '../../protocol/visitor-view.ts';
import type { Queryable, Topic } from '../database/database.ts';
import { readFlowVersion } from '../flows/flow-version.ts';
import { stepView, type StandingCall } from '../flows/step-view.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { openRooms, roomView, type RoomRow } from '../views/room-row.ts';
import { CALL_END, MOMENT, roomRow, SKILL, TICKET_HOLDER, ms } from '../views/view-columns.ts';
import {
  connectionStatus,
  type ConnectionStatus,
  type ViewReading,
} from '../views/view-reading.ts';
import { estimateWait, readWaitBases, type GroupKey, type WaitBasis } from './estimate-wait.ts';

interface VisitorAsked {
  readonly connection: string;
  readonly site: VisitorSiteView;
  readonly callId: string | null;
  /** The servers with which candidates are gathered while it rings; undefined if the visitor gets none. */
  readonly ringingIceServers?: (callId: string, now: number) => IceServer[] | undefined;
}

/** The first row has only `rev` and `now` if none of the calls is there. */
interface CallRow {
  readonly rev: string;
  readonly now: number;
  readonly id: string | null;
  readonly site_id: string;
  readonly state: 'choosing' | 'queued' | 'offered' | 'accepted' | 'ready' | 'connected' | 'ended';
  readonly skill: SkillGroupName | null;
  readonly requested_at: number;
  readonly connected_at: number | null;
  readonly position: number | null;
  readonly agent_online: boolean | null;
  readonly agent_name: string | null;
  readonly room: RoomRow | null;
  readonly first_signal: FirstSignal | null;
  readonly recording: NonNullable<VisitorCallView['recording']> | null;
  readonly ended: CallEnd | null;
  /** After the end: the message or callback that the visitor left. */
  readonly follow_up: string | null;
  /** While choosing. */
  readonly flow: (StandingCall & { readonly version: string }) | null;
  readonly connections: string[];
  /** The connections of the device that had the call before it was handed over. */
  readonly handed_over: string[];
}

const HOLDER = `(
  select ${TICKET_HOLDER} from participants p
   where p.room = r.number and p.call_id = c.id and p.left_at is null
   order by p.issued_at desc, p.id limit 1)`;

/**
 * The calls that were asked for. A call's position counts all that wait for its group; an offered call keeps its
 * position. Room, ticket and agent are read from `ready` on and not before: the agent is in the room first.
 */
const READ = `
  with asked as (
    select * from calls where id = any($1::uuid[])),
  places as (
    select c.id, (row_number() over (
             partition by c.site_id, c.group_id order by c.priority desc, c.requested_at, c.id))::int as position
      from (select distinct site_id, group_id from asked where state in ('queued', 'offered')) q
      join calls c on c.site_id = q.site_id and c.group_id = q.group_id
     where c.state in ('queued', 'offered')),
  groups as (
    select g.site_id, g.id, ${SKILL} as skill, exists (
             select from memberships m join agents a on a.id = m.agent_id
              where m.site_id = g.site_id and m.group_id = g.id and a.status = 'available'
                and a.disabled_at is null
                and exists (select from connections x where x.agent_id = a.id)) as agent_online
      from (select distinct site_id, group_id from asked) q
      join skill_groups g on g.site_id = q.site_id and g.id = q.group_id)
  select ${MOMENT}, c.id, c.site_id, c.state, g.skill, g.agent_online, places.position,
         ${ms('c.requested_at')} as requested_at, ${ms('c.connected_at')} as connected_at,
         case when c.state in ('ready', 'connected') or c.connected_at is not null then (
           select a.name from legs l join agents a on a.id = l.agent_id
            where l.id = c.owner_leg_id) end as agent_name,
         case when c.state in ('ready', 'connected') then (
           select ${roomRow(HOLDER)} from rooms r where r.number = c.room) end as room,
         case when c.state = 'ready' then c.first_signal end as first_signal,
         case when c.ended_at is null then (
           select jsonb_build_object('state', r.state, 'since', ${ms('r.state_since')})
                  || case when r.rule -> 'text' <> '{}' then jsonb_build_object('text', r.rule -> 'text') else '{}' end
             from recordings r where r.call_id = c.id) end as recording,
         ${CALL_END} as ended,
         case when c.ended_at is not null then (
           select f.id from follow_ups f where f.call_id = c.id order by f.left_at desc limit 1) end as follow_up,
         case when c.state = 'choosing' then json_build_object(
           'version', c.flow_version_id, 'node', c.flow_node, 'language', c.language, 'params', c.params,
           'back', coalesce(json_array_length(c.flow_state -> 'history') > 0, false)) end as flow,
         array(select x.id::text from connections x where x.call_id = c.id
                order by x.connected_at desc, x.id desc) as connections,
         array(select x.id::text from connections x
                where x.call_id = c.id and x.connected_at < c.handed_over_at) as handed_over
    from (select) always
    left join asked c on true
    left join groups g on g.site_id = c.site_id and g.id = c.group_id
    left join places on places.id = c.id`;

/** Reads the views of visitors, all of them at one moment. */
export async function readVisitorViews(
  db: Queryable,
  tickets: Tickets,
  asked: readonly VisitorAsked[],
): Promise<Map<string, ViewReading>> {
  const ids = new Set(asked.flatMap(({ callId }) => (callId === null ? [] : [callId])));
  const { rows } = await db.query<CallRow>(READ, [[...ids]]);
  const moment = rows[0];
  if (!moment) throw new Error('The statement of the visitors’ views always answers a row.');
  const byCall = new Map(rows.map((row) => [row.id, row]));
  const bases = await readWaitBases(db, groupsWithWaiting(rows));
  const readings = new Map<string, ViewReading>();
  for (const { connection, site: whole, callId, ringingIceServers } of asked) {
    const row = callId === null ? undefined : byCall.get(callId);
    // A call has its decision. Its views need not carry the long text.
    const { consent, ...site } = whole;
    readings.set(connection, {
      rev: Number(moment.rev),
      now: moment.now,
      view: {
        role: 'visitor',
        site: row || !consent ? site : whole,
        call: row ? await callView(row, bases, tickets, ringingIceServers, db) : null,
      },
      topics: row ? topicsOf(row) : new Set(),
      rooms: row?.room ? openRooms([row.room]) : [],
      connectionStatus: row ? statusOf(connection, row) : 'current',
    });
  }
  return readings;
}

/** An ended call has no connections any more, so that none of them is superseded. */
function statusOf(connection: string, row: CallRow): ConnectionStatus {
  if (row.state === 'ended') return 'current';
  if (row.handed_over.includes(connection)) return 'handed-over';
  return connectionStatus(connection, row.connections);
}

function groupsWithWaiting(rows: readonly CallRow[]): GroupKey[] {
  const groups = new Map<string, GroupKey>();
  for (const row of rows) {
    if (row.position === null || row.skill === null) continue;
    groups.set(groupOf(row), { siteId: row.site_id, groupId: row.skill.id });
  }
  return [...groups.values()];
}

async function callView(
  row: CallRow,
  bases: ReadonlyMap<string, WaitBasis>,
  tickets: Tickets,
  ringingIceServers: VisitorAsked['ringingIceServers'],
  db: Queryable,
): Promise<VisitorCallView> {
  const id = row.id ?? '';
  const state = row.state === 'offered' || row.state === 'accepted' ? 'ringing' : row.state;
  const iceServers = state === 'ringing' ? ringingIceServers?.(id, row.now) : undefined;
  return {
    id,
    state,
    skill: row.skill,
    requestedAt: row.requested_at,
    position: row.position,
    estimate: estimateFor(row, bases),
    agentOnline: row.agent_online ?? false,
    agentName: row.agent_name,
    connectedAt: row.connected_at,
    rooms: row.room ? [await roomView(row.room, tickets, row.now)] : [],
    ...(row.flow && {
      step: stepView((await readFlowVersion(db, row.flow.version)).document, row.flow),
    }),
    ...(iceServers && { iceServers }),
    ...(row.first_signal && { firstSignal: row.first_signal }),
    ...(row.recording && { recording: row.recording }),
    ended: row.ended && {
      ...row.ended,
      ...(row.follow_up && { code: tickets.callbackCode(row.follow_up) }),
    },
  };
}

function estimateFor(row: CallRow, bases: ReadonlyMap<string, WaitBasis>): WaitEstimate | null {
  return row.position === null ? null : estimateWait(bases.get(groupOf(row)), row.position);
}

function groupOf(row: CallRow): string {
  return `${row.site_id}/${row.skill?.id}`;
}

function topicsOf(row: CallRow): Set<Topic> {
  const topics = new Set<Topic>([`call:${row.id}`]);
  if (row.position !== null) topics.add(`group:${groupOf(row)}`);
  if (row.room) topics.add(`room:${row.room.number}`);
  return topics;
}
