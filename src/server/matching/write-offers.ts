import type { Queryable } from '../database/database.ts';
import { participantId } from '../rooms/participant-id.ts';
import { randomRoomNumber } from '../rooms/random-room-number.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Match } from './match.ts';

/** What became of one match. */
export interface WrittenOffer {
  readonly call_id: string;
  readonly agent_id: string;
  readonly site_id: string;
  /** The call's group. */
  readonly group_id: string;
  /** False if another transaction is writing the call, or has changed it. */
  readonly call_free: boolean;
  /** False if another transaction is writing the agent, or the agent is no longer available. */
  readonly agent_free: boolean;
  readonly offered: boolean;
}

/**
 * Offers calls: all of them, or none if a call or an agent is not free. A row that another transaction is writing
 * is not waited for. The indexes of legs refuse an agent who was given another leg since the agents were read.
 *
 * If the calls use TRTC, an offer holds a room for the agent alone (`held`), so that the agent can enter it with the
 * accept. The call has no room yet. An offer that ends otherwise deletes its room. If the number belongs to another
 * room already, the offer holds none, and the accept makes one.
 */
const WRITE = `
with pair as materialized (
  select p.*, c.group_id as call_group_id
    from jsonb_to_recordset($2::jsonb) as p (call_id uuid, epoch int, agent_id uuid, group_id text, reason jsonb,
                                          room int, participant text)
    join calls c on c.id = p.call_id),
free_call as materialized (
  select c.id from calls c join pair p on p.call_id = c.id
   where c.state = 'queued' and c.epoch = p.epoch
   order by c.id for no key update of c skip locked),
free_agent as materialized (
  select a.id from agents a join pair p on p.agent_id = a.id
   where a.status = 'available' and a.disabled_at is null
   order by a.id for no key update of a skip locked),
made as (
  insert into legs (call_id, agent_id, site_id, group_id, reason, deadline)
  select p.call_id, p.agent_id, $1, p.group_id, p.reason, statement_timestamp() + make_interval(secs => g.offer_seconds)
    from pair p join skill_groups g on g.site_id = $1 and g.id = p.call_group_id
   where (select count(*) from free_call) = (select count(*) from pair)
     and (select count(*) from free_agent) = (select count(*) from pair)
  on conflict do nothing
  returning id, call_id, agent_id, reason),
moved as (
  update calls c set state = 'offered', epoch = c.epoch + 1, event_count = c.event_count + 1
    from made m where c.id = m.call_id
  returning c.id, c.event_count, m.id as leg_id, m.agent_id, m.reason),
held as (
  insert into rooms (number, site_id, kind, call_id, provider, confirmed_by_callback)
  select p.room, $1, 'call', m.id, 'trtc', $4
    from moved m join pair p on p.call_id = m.id join sites s on s.id = $1
   where $3::boolean and s.media <> 'mesh'
  on conflict do nothing
  returning number, call_id),
admitted as (
  insert into participants (id, room, role, leg_id, name, verified)
  select p.participant, h.number, 'agent', m.leg_id, a.name, true
    from held h join moved m on m.id = h.call_id join pair p on p.call_id = m.id join agents a on a.id = m.agent_id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select m.id, m.event_count, 'offered', 'system', m.leg_id, m.agent_id,
         jsonb_build_object('kind', 'first', 'reason', m.reason)
    from moved m)
select p.call_id, p.agent_id, $1 as site_id, p.call_group_id as group_id,
       exists (select from free_call f where f.id = p.call_id) as call_free,
       exists (select from free_agent f where f.id = p.agent_id) as agent_free,
       exists (select from moved m where m.id = p.call_id) as offered
  from pair p`;

/** Offers the calls of these matches in a transaction that holds the site's matching lock. */
export async function writeOffers(
  tx: Queryable,
  siteId: string,
  matches: readonly Match[],
  media: RoomMedia,
): Promise<WrittenOffer[]> {
  const pairs = matches.map(({ call, agent, groupId, reason }) => ({
    call_id: call.id,
    epoch: call.epoch,
    agent_id: agent.id,
    group_id: groupId,
    reason,
    room: randomRoomNumber(),
    participant: participantId(),
  }));
  const { rows } = await tx.query<WrittenOffer>(WRITE, [
    siteId,
    JSON.stringify(pairs),
    media.trtc,
    media.confirmedByCallback,
  ]);
  return rows;
}
