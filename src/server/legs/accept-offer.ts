import { RtcDeskError } from '../../protocol/errors.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { participantId } from '../rooms/participant-id.ts';
import { withRoomNumber } from '../rooms/random-room-number.ts';
import { BUILT_IN_MEDIA, type RoomMedia } from '../rooms/room-media.ts';
import { timeouts } from '../settings/timeouts.ts';
import { ENTER_VISITOR } from '../rooms/enter-room.ts';

export interface Acceptance {
  readonly legId: string;
  readonly agentId: string;
  /** The tab that accepts; it becomes the active tab. */
  readonly connectionId: string;
  /** The media for which rooms may be made; default: the built-in media. */
  readonly media?: RoomMedia | undefined;
  /** A signal to the visitor, as JSON. With it the agent enters a room of the built-in media. */
  readonly firstSignal?: string | undefined;
}

export interface AcceptedLeg {
  readonly callId: string;
  readonly legId: string;
  readonly room: number;
  /** The agent's participant. The visitor has none before `ready`. */
  readonly participant: string;
  /** Whether the agent is in the room, and the call `ready`. */
  readonly entered: boolean;
}

/**
 * Accepts legs; the leg's id is a row's key. A first leg becomes the owner, and the call's room is made. A further
 * leg gets a participant in the room that the call has. The calls are locked in the order of their ids, so that two
 * nodes that accept many at once wait for each other in one order.
 *
 * At TRTC the offer holds a room with the agent's participant in it (matching/write-offers.ts), and the accept takes
 * that room. If the participant has left it, or this server has no TRTC, another one is made, and that one is deleted.
 *
 * A first leg with a signal also enters the room (`enters`): entering a mesh is nothing but being admitted. The call
 * becomes `ready`, and the visitor's participant is made, as in `ENTER` (rooms/enter-room.ts). The agent is first also
 * here, because nobody sees the room before this one statement is committed.
 */
const ACCEPT = `
with asked as materialized (
  select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::boolean[], $8::boolean[],
                       $9::text[], $10::text[])
    as a (key, leg_id, agent_id, connection_id, room, participant, trtc, confirmed_by_callback, first_signal,
          visitor_participant)),
offered as materialized (
  select a.key, a.leg_id, a.agent_id, a.connection_id, coalesce(h.room, a.room) as room,
         coalesce(h.participant, a.participant) as participant, a.confirmed_by_callback, a.first_signal,
         a.visitor_participant, h.room is not null as held, l.call_id, l.kind, c.epoch, m.provider,
         l.kind = 'first' and m.provider = 'mesh' and a.first_signal is not null as enters
    from asked a join legs l on l.id = a.leg_id join calls c on c.id = l.call_id join sites s on s.id = c.site_id
    left join lateral (
      select p.room, p.id as participant from participants p join rooms r on r.number = p.room
       where a.trtc and l.kind = 'first' and p.leg_id = l.id and p.left_at is null and r.closed_at is null) h on true
   cross join lateral (
     select case when h.room is not null or a.trtc and s.media <> 'mesh' then 'trtc' else 'mesh' end as provider) m
   where l.agent_id = a.agent_id and l.state = 'offered' and l.deadline > now()
     and exists (select from connections x where x.id = a.connection_id and x.agent_id = a.agent_id)
   order by l.call_id),
moved as (
  update calls c
     set state = case when o.enters then 'ready' when o.kind = 'first' then 'accepted' else c.state end,
         epoch = c.epoch + 1, event_count = c.event_count + case when o.enters then 2 else 1 end,
         ready_at = case when o.enters then clock_timestamp() else c.ready_at end,
         enter_by = case when o.enters then now() + make_interval(secs => ${ENTER_VISITOR}) else c.enter_by end,
         first_signal = case when o.enters then json_build_object('from', o.participant, 'data', o.first_signal::json)
                             else c.first_signal end,
         owner_leg_id = case when o.kind = 'first' then o.leg_id else c.owner_leg_id end,
         room = case when o.kind = 'first' then o.room else c.room end
    from offered o
   where c.id = o.call_id and c.epoch = o.epoch
     and case when o.kind = 'first' then c.state = 'offered' else c.state in ('ready', 'connected') end
  returning c.id, c.site_id, c.group_id, c.room, c.event_count, c.visitor_name, c.visitor_id, o.key, o.leg_id, o.kind,
            o.agent_id, o.connection_id, o.participant, o.visitor_participant, o.provider, o.confirmed_by_callback,
            o.enters, o.held),
accepted as (
  update legs l
     set state = case when m.enters then 'joined' else 'accepted' end, accepted_at = clock_timestamp(),
         joined_at = case when m.enters then clock_timestamp() end,
         deadline = case when not m.enters then now() + make_interval(secs => ${timeouts.enterAgent}) end
    from moved m where l.id = m.leg_id),
made as (
  insert into rooms (number, site_id, kind, call_id, provider, confirmed_by_callback)
  select m.room, m.site_id, 'call', m.id, m.provider, m.confirmed_by_callback
    from moved m where m.kind = 'first' and not m.held),
deleted_rooms as (
  delete from rooms r using moved m
   where m.kind = 'first' and r.call_id = m.id and r.closed_at is null and r.number <> m.room),
admitted as (
  insert into participants (id, room, role, leg_id, name, verified, entered_at, connection_id)
  select m.participant, m.room, 'agent', m.leg_id, a.name, true,
         case when m.enters then now() end, case when m.enters then m.connection_id end
    from moved m join agents a on a.id = m.agent_id where not m.held),
invited as (
  insert into participants (id, room, role, call_id, name, verified)
  select m.visitor_participant, m.room, 'visitor', m.id, m.visitor_name, m.visitor_id is not null
    from moved m where m.enters),
answered as (
  update agents a set missed_in_row = 0, active_tab_lost_at = null from moved m
   where a.id = m.agent_id and (a.missed_in_row > 0 or a.active_tab_lost_at is not null)),
activated as (
  update connections x set active_tab = (x.id = m.connection_id) from moved m
   where x.agent_id = m.agent_id and x.active_tab <> (x.id = m.connection_id)),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id)
  select m.id, m.event_count - m.enters::int, 'accepted', 'agent', m.leg_id, m.agent_id from moved m
  union all
  select m.id, m.event_count, 'ready', 'agent', m.leg_id, m.agent_id from moved m where m.enters)
select m.key, m.id as call_id, m.site_id, m.group_id, m.room, m.participant, array[m.agent_id] as agent_ids, m.enters
  from moved m`;

/** The agent takes the call. Rejects with `conflict` if the leg is no longer offered to this agent. */
export async function acceptOffer(
  db: Database,
  { legId, agentId, connectionId, media = BUILT_IN_MEDIA, firstSignal }: Acceptance,
): Promise<AcceptedLeg> {
  const row = await withRoomNumber((room) =>
    db.batch<CallChange & { room: number; participant: string; enters: boolean }>(ACCEPT, legId, [
      legId,
      agentId,
      connectionId,
      room,
      participantId(),
      media.trtc,
      media.confirmedByCallback,
      firstSignal ?? null,
      participantId(),
    ]),
  );
  if (!row) throw new RtcDeskError('conflict', 'This leg is no longer offered.');
  notifyCalls(db, [row], { queue: true });
  const { room, participant, enters: entered } = row;
  return { callId: row.call_id, legId, room, participant, entered };
}
