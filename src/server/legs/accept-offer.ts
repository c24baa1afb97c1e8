import { RtcDeskError } from '../../protocol/errors.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { participantId } from '../rooms/participant-id.ts';
import { withRoomNumber } from '../rooms/random-room-number.ts';
import { BUILT_IN_MEDIA, type RoomMedia } from '../rooms/room-media.ts';
import { timeouts } from '../settings/timeouts.ts';

export interface Acceptance {
  readonly legId: string;
  readonly agentId: string;
  /** The tab that accepts; it becomes the active tab. */
  readonly connectionId: string;
  /** The media for which rooms may be made; default: the built-in media. */
  readonly media?: RoomMedia | undefined;
}

export interface AcceptedLeg {
  readonly callId: string;
  readonly legId: string;
  readonly room: number;
  /** The agent's participant. The visitor has none before `ready`. */
  readonly participant: string;
}

/**
 * Accepts legs; the leg's id is a row's key. A first leg becomes the owner, and the call's room is made. A further
 * leg gets a participant in the room that the call has. The calls are locked in the order of their ids, so that two
 * nodes that accept many at once wait for each other in one order.
 */
const ACCEPT = `
with asked as materialized (
  select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::boolean[], $8::boolean[])
    as a (key, leg_id, agent_id, connection_id, room, participant, trtc, confirmed_by_callback)),
offered as materialized (
  select a.*, l.call_id, l.kind, c.epoch from asked a join legs l on l.id = a.leg_id join calls c on c.id = l.call_id
   where l.agent_id = a.agent_id and l.state = 'offered' and l.deadline > now()
     and exists (select from connections x where x.id = a.connection_id and x.agent_id = a.agent_id)
   order by l.call_id),
moved as (
  update calls c
     set state = case when o.kind = 'first' then 'accepted' else c.state end,
         epoch = c.epoch + 1, event_count = c.event_count + 1,
         owner_leg_id = case when o.kind = 'first' then o.leg_id else c.owner_leg_id end,
         room = case when o.kind = 'first' then o.room else c.room end
    from offered o
   where c.id = o.call_id and c.epoch = o.epoch
     and case when o.kind = 'first' then c.state = 'offered' else c.state in ('ready', 'connected') end
  returning c.id, c.site_id, c.group_id, c.room, c.event_count, o.key, o.leg_id, o.kind, o.agent_id, o.connection_id,
            o.participant, o.trtc, o.confirmed_by_callback),
accepted as (
  update legs l
     set state = 'accepted', accepted_at = clock_timestamp(),
         deadline = now() + make_interval(secs => ${timeouts.enterAgent})
    from moved m where l.id = m.leg_id),
made as (
  insert into rooms (number, site_id, kind, call_id, provider, confirmed_by_callback)
  select m.room, m.site_id, 'call', m.id,
         case when m.trtc and s.media <> 'mesh' then 'trtc' else 'mesh' end, m.confirmed_by_callback
    from moved m join sites s on s.id = m.site_id where m.kind = 'first'),
admitted as (
  insert into participants (id, room, role, leg_id, name, verified)
  select m.participant, m.room, 'agent', m.leg_id, a.name, true from moved m join agents a on a.id = m.agent_id),
answered as (
  update agents a set missed_in_row = 0, active_tab_lost_at = null from moved m
   where a.id = m.agent_id and (a.missed_in_row > 0 or a.active_tab_lost_at is not null)),
activated as (
  update connections x set active_tab = (x.id = m.connection_id) from moved m
   where x.agent_id = m.agent_id and x.active_tab <> (x.id = m.connection_id)),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id)
  select m.id, m.event_count, 'accepted', 'agent', m.leg_id, m.agent_id from moved m)
select m.key, m.id as call_id, m.site_id, m.group_id, m.room, array[m.agent_id] as agent_ids from moved m`;

/** The agent takes the call. Rejects with `conflict` where the leg is no longer offered to this agent. */
export async function acceptOffer(
  db: Database,
  { legId, agentId, connectionId, media = BUILT_IN_MEDIA }: Acceptance,
): Promise<AcceptedLeg> {
  const participant = participantId();
  const row = await withRoomNumber((room) =>
    db.batch<CallChange & { room: number }>(ACCEPT, legId, [
      legId,
      agentId,
      connectionId,
      room,
      participant,
      media.trtc,
      media.confirmedByCallback,
    ]),
  );
  if (!row) throw new RtcDeskError('conflict', 'This leg is no longer offered.');
  notifyCalls(db, [row], { queue: true });
  return { callId: row.call_id, legId, room: row.room, participant };
}
