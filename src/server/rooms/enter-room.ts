import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { ReadMark } from '../../protocol/views.ts';
import { notifyCalls } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { participantId } from './participant-id.ts';

/** Whom a participant has to belong to. */
export interface ParticipantOwner {
  readonly role: 'visitor' | 'agent' | 'guest';
  /** The call's, the agent's or the participant's id; null owns nothing. */
  readonly id: string | null;
}

export interface Entering {
  readonly room: number;
  readonly participant: string;
  /** The socket that says so; from now on the participant is in the room with it. */
  readonly connectionId: string;
  /** Default: anybody's. */
  readonly of?: ParticipantOwner | undefined;
}

type EnteredState = 'accepted' | 'ready' | 'connected';

export interface EnteredRoom {
  /** Null in a room that belongs to no call. */
  readonly callId: string | null;
  /** The call's state now; `accepted` while TRTC's callback about the agent is still to come. */
  readonly state: EnteredState | null;
  /** The sequence of the last chat message before. Later ones are delivered to the connection. */
  readonly lastSequence: number;
  /** What the people in the room have read. */
  readonly readMarks: readonly ReadMark[];
  /** The person's participants in the room, those of earlier pages among them. */
  readonly ownParticipants: readonly string[];
  /** Whether the room has a drawing, or had one. */
  readonly drawn: boolean;
}

interface Row {
  readonly full: boolean;
  /** The visitor of a callback has not agreed to what the site asks now. */
  readonly unagreed: boolean;
  readonly entered: boolean;
  /** The agent is inside by its own word, and TRTC's callback has not said so yet. */
  readonly unconfirmed: boolean;
  readonly moved: boolean;
  readonly call_id: string | null;
  readonly state: EnteredState | null;
  readonly site_id: string | null;
  readonly group_id: string | null;
  readonly agent_id: string | null;
  readonly room: number;
  readonly last_sequence: number;
  readonly read_marks: readonly ReadMark[];
  readonly own_participants: readonly string[];
  readonly drawn: boolean;
}

/** SQL: how long the visitor of the row `c` of calls has to enter, in seconds. */
export const ENTER_VISITOR = `case when c.callback_id is null then ${timeouts.enterVisitor} else ${timeouts.enterCallback} end`;

/**
 * People enter rooms; the room's number is a row's key. Without a connection the statement only looks again at
 * somebody who is inside already (confirmAgentInside). `locked` waits for an operation that moves the call at this
 * moment, and `moved` then sees the call as it is: one that ended or went back to the queue is not entered.
 *
 * - The first agent makes the call `ready`, and the same statement makes the visitor's participant.
 * - The visitor makes it `connected`.
 * - A further agent's leg becomes `joined`; the call's state stays.
 * - In a room that waits for TRTC's callback the agent's own word alone moves nothing.
 * - The visitor of a callback enters after agreeing to the site's text. Any other call was made with that.
 * - A room on the built-in media is full with so many who have a socket. Whoever lost theirs holds no place.
 */
const ENTER = `
with asked as materialized (
  select * from unnest($1::text[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
    as a (key, room, participant, connection_id, visitor_participant, owner_role, owner_id)),
own as materialized (
  select a.*, p.role, p.subject, p.leg_id, l.kind as leg_kind, l.state as leg_state, l.agent_id, r.call_id, r.chat_sequence,
         coalesce(p.role = 'agent' and r.provider = 'trtc' and r.confirmed_by_callback
                  and p.reported is distinct from 'inside', false) as unconfirmed,
         r.provider = 'mesh' and (p.entered_at is null or p.connection_id is null) and (
           select count(*) from participants o
            where o.room = p.room and o.id <> p.id and o.entered_at is not null and o.left_at is null
              and o.connection_id is not null
         ) >= ${limits.meshParticipants} as full,
         p.role = 'visitor' and exists (
           select from calls c join sites s on s.id = c.site_id
            where c.id = p.call_id and c.callback_id is not null and c.state = 'ready' and s.consent is not null
              and not exists (select from call_consents k
                               where k.call_id = c.id and k.agreed and k.version = consent_version(s.consent))
         ) as unagreed
    from asked a
    join participants p on p.id = a.participant and p.room = a.room
    join rooms r on r.number = p.room
    left join legs l on l.id = p.leg_id
   where p.left_at is null and r.closed_at is null
     and case when a.connection_id is null then p.entered_at is not null
              else exists (select from connections x where x.id = a.connection_id) end
     and (a.owner_role is null or a.owner_role = p.role and a.owner_id = case p.role
            when 'visitor' then p.call_id::text when 'agent' then l.agent_id::text else p.id end)),
locked as materialized (
  select c.id from calls c join own o on o.call_id = c.id
   where c.state in ('ready', 'connected') or (c.state = 'accepted' and o.role = 'agent')
   order by c.id for update of c),
inside as materialized (
  select o.* from own o where not o.full and not o.unagreed and (o.call_id is null or o.call_id in (select id from locked))),
moved as (
  update calls c
     set epoch = c.epoch + 1, event_count = c.event_count + 1,
         state = case when i.role = 'visitor' then 'connected' when c.state = 'accepted' then 'ready' else c.state end,
         ready_at = coalesce(c.ready_at, clock_timestamp()),
         connected_at = case when i.role = 'visitor' then clock_timestamp() else c.connected_at end,
         first_signal = case when i.role = 'visitor' then null else c.first_signal end,
         visitor_hidden = c.visitor_hidden and i.role <> 'visitor',
         enter_by = case when i.role = 'visitor' then null
                         when c.state = 'accepted' then now() + make_interval(secs => ${ENTER_VISITOR})
                         else c.enter_by end
    from inside i
   where c.id = i.call_id and c.room = i.room and not i.unconfirmed
     and (i.role = 'visitor' and c.state = 'ready'
          or i.role = 'agent' and i.leg_state = 'accepted'
             and case when i.leg_kind = 'first' then c.state = 'accepted' and c.owner_leg_id = i.leg_id
                      else c.state in ('ready', 'connected') end)
  returning c.id, c.state, c.site_id, c.group_id, c.room, c.event_count, c.visitor_name, c.visitor_id, i.role, i.leg_id,
            i.leg_kind, i.agent_id, i.visitor_participant,
            case when i.role = 'visitor' then 'connected' when i.leg_kind = 'first' then 'ready'
                 else 'agent-joined' end as event),
joined as (
  update legs l set state = 'joined', joined_at = clock_timestamp(), deadline = null
    from moved m where l.id = m.leg_id and m.role = 'agent'),
admitted as (
  insert into participants (id, room, role, call_id, name, verified)
  select m.visitor_participant, m.room, 'visitor', m.id, m.visitor_name, m.visitor_id is not null
    from moved m where m.event = 'ready'),
entered as (
  update participants p
     set entered_at = coalesce(p.entered_at, now()), connection_id = coalesce(i.connection_id, p.connection_id), gone_at = null
    from inside i
   where p.id = i.participant and p.left_at is null returning p.id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id)
  select m.id, m.event_count, m.event, m.role, m.leg_id, m.agent_id from moved m)
select o.key, o.full, o.unagreed, o.unconfirmed, o.participant in (select id from entered) as entered, o.call_id,
       m.id is not null as moved, coalesce(m.state, c.state) as state, c.site_id, c.group_id, o.agent_id, o.room,
       o.chat_sequence as last_sequence, exists (select from drawings d where d.room = o.room) as drawn,
       (select coalesce(json_agg(json_build_object('participant', p.id, 'sequence', p.read_sequence)), '[]')
          from participants p
         where p.room = o.room and p.entered_at is not null and p.left_at is null and not p.hidden
           and p.read_sequence > 0) as read_marks,
       (select json_agg(p.id) from participants p left join legs l on l.id = p.leg_id
         where p.room = o.room and p.role = o.role
           and case o.role when 'agent' then l.agent_id = o.agent_id
                           when 'guest' then p.subject = o.subject
                           else true end) as own_participants
  from own o left join calls c on c.id = o.call_id left join moved m on m.id = o.call_id`;

/**
 * Somebody is in the room. Entering again changes nothing. Rejects with `room-full`, with `consent-required` if the
 * visitor of a callback has not agreed to the site's text, and with `conflict` if the participant, the room or the
 * connection no longer counts, or if the participant is not `of` that owner.
 */
export async function enterRoom(db: Database, entering: Entering): Promise<EnteredRoom> {
  const { room, participant, connectionId, of } = entering;
  const row = await enter(db, room, participant, connectionId, of);
  if (row?.full) throw new RtcDeskError('room-full', 'The room is full.');
  if (row?.unagreed) {
    throw new RtcDeskError('consent-required', 'The site asks for consent before this call.');
  }
  if (!row?.entered) throw new RtcDeskError('conflict', 'This participant no longer counts.');
  notify(db, row);
  const confirmed =
    row.unconfirmed &&
    row.state === 'accepted' &&
    (await confirmAgentInside(db, row.room, participant));
  return {
    callId: row.call_id,
    state: confirmed ? 'ready' : row.state,
    lastSequence: row.last_sequence,
    readMarks: row.read_marks,
    ownParticipants: row.own_participants,
    drawn: row.drawn,
  };
}

/**
 * Looks again at an agent who is inside by its own word. To be called after TRTC's callback was stored: if both
 * came in the same moment, the later commit sees both. Answers with whether the call moved.
 */
export async function confirmAgentInside(
  db: Database,
  room: number,
  participant: string,
): Promise<boolean> {
  const row = await enter(db, room, participant, null, undefined);
  if (!row?.moved) return false;
  notify(db, row);
  return true;
}

function enter(
  db: Database,
  room: number,
  participant: string,
  connectionId: string | null,
  of: ParticipantOwner | undefined,
): Promise<Row | undefined> {
  const values = [
    room,
    participant,
    connectionId,
    participantId(),
    of?.role ?? null,
    of?.id ?? null,
  ];
  return db.batch<Row>(ENTER, String(room), values);
}

function notify(db: Database, { call_id, site_id, group_id, agent_id, room }: Row): void {
  if (!call_id || !site_id || !group_id) return db.wake.notify(`room:${room}`);
  notifyCalls(db, [{ call_id, site_id, group_id, agent_ids: agent_id ? [agent_id] : null, room }]);
}
