import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { participantId } from '../rooms/participant-id.ts';
import { withRoomNumber } from '../rooms/random-room-number.ts';
import { BUILT_IN_MEDIA, providerOf, type RoomMedia } from '../rooms/room-media.ts';
import { timeouts } from '../settings/timeouts.ts';

export interface Acceptance {
  readonly offerId: string;
  readonly agentId: string;
  /** The tab that accepts; it is in charge from now on. */
  readonly connectionId: string;
  /** What the room may be made for; default: the built-in media. */
  readonly media?: RoomMedia | undefined;
}

export interface AcceptedCall {
  readonly callId: string;
  readonly room: number;
  /** The agent's join. The visitor has none yet (DESIGN 2). */
  readonly participant: string;
}

// In the order of the calls, so that two nodes that accept many at once lock them in one order.
const ACCEPT = `
with asked as materialized (
  select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::boolean[], $8::boolean[])
    as a (key, offer_id, agent_id, connection_id, room, participant, trtc, witnessed)),
held as materialized (
  select a.*, o.call_id, o.epoch from asked a join offers o on o.id = a.offer_id
   where o.agent_id = a.agent_id and o.closed_at is null and o.deadline > now()
     and exists (select from connections x where x.id = a.connection_id and x.agent_id = a.agent_id)
   order by o.call_id),
moved as (
  update calls c set state = 'accepted', epoch = c.epoch + 1, agent_id = h.agent_id, room = h.room,
                     accepted_at = clock_timestamp(), enter_by = now() + make_interval(secs => ${timeouts.enterAgent})
    from held h where c.id = h.call_id and c.state = 'offered' and c.epoch = h.epoch
  returning c.id, c.epoch, c.site_id, c.group_id, c.accepted_at, h.key, h.offer_id, h.agent_id, h.connection_id, h.room,
            h.participant, h.trtc, h.witnessed),
taken as (
  update offers o set state = 'accepted', closed_at = m.accepted_at from moved m
   where o.id = m.offer_id and o.closed_at is null),
made as (
  insert into rooms (number, site_id, call_id, provider, witnessed)
  select m.room, m.site_id, m.id, ${providerOf('m.trtc')}, m.witnessed from moved m join sites s on s.id = m.site_id),
joined as (
  insert into participants (id, room, role, name, verified, agent_id)
  select m.participant, m.room, 'agent', a.name, true, a.id from moved m join agents a on a.id = m.agent_id),
answered as (
  update agents a set missed_in_row = 0, charge_lost_at = null from moved m
   where a.id = m.agent_id and (a.missed_in_row > 0 or a.charge_lost_at is not null)),
charged as (
  update connections x set in_charge = (x.id = m.connection_id) from moved m
   where x.agent_id = m.agent_id and x.in_charge <> (x.id = m.connection_id))
select key, id as call_id, site_id, group_id, agent_id, room from moved`;

/** Takes the call, makes its room and the agent's join. Rejects with `conflict` where the offer is no longer held out. */
export async function acceptOffer(
  db: Database,
  { offerId, agentId, connectionId, media = BUILT_IN_MEDIA }: Acceptance,
): Promise<AcceptedCall> {
  const participant = participantId();
  const row = await withRoomNumber((room) =>
    db.batch<CallChange & { room: number }>(ACCEPT, agentId, [
      offerId,
      agentId,
      connectionId,
      room,
      participant,
      media.trtc,
      media.witnessed,
    ]),
  );
  if (!row) throw new RtcDeskError('conflict', 'This offer is no longer held out.');
  notifyCalls(db, [row], { line: true });
  return { callId: row.call_id, room: row.room, participant };
}
