import { RtcDeskError } from '../../protocol/errors.ts';
import type { LegKind, OfferReason } from '../../protocol/views.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';

interface FurtherOffer {
  readonly callId: string;
  readonly agentId: string;
  /** First legs come from the matching alone. */
  readonly kind: Exclude<LegKind, 'first'>;
  /** The leg of the agent who asks for it; null for a supervisor's monitoring. */
  readonly fromLegId: string | null;
  readonly reason: OfferReason;
}

/** Epoch-guarded. The indexes of legs refuse a second offer of the call, and an agent who has an active leg. */
const OFFER = `
with target as materialized (
  select c.id, c.epoch, c.site_id, c.group_id, g.offer_seconds
    from calls c
    join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
    join agents a on a.id = $2 and a.site_id = c.site_id and a.disabled_at is null
   where c.id = $1 and c.state = 'connected'
     and ($4::uuid is null or exists (
       select from legs l where l.id = $4 and l.call_id = c.id and l.state = 'joined'))),
moved as (
  update calls c set epoch = c.epoch + 1, event_count = c.event_count + 1 from target t
   where c.id = t.id and c.epoch = t.epoch
  returning c.id, c.site_id, c.group_id, c.room, c.event_count, t.offer_seconds),
made as (
  insert into legs (call_id, kind, agent_id, site_id, group_id, from_leg_id, reason, deadline)
  select m.id, $3, $2, m.site_id, m.group_id, $4, $5::jsonb, now() + make_interval(secs => m.offer_seconds) from moved m
  returning id, call_id, agent_id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select m.id, m.event_count, 'offered', case when $4::uuid is null then 'system' else 'agent' end, l.id, l.agent_id,
         jsonb_build_object('kind', $3::text, 'reason', $5::jsonb)
    from moved m join made l on l.call_id = m.id)
select l.id as leg_id, m.id as call_id, m.site_id, m.group_id, m.room, array[l.agent_id] as agent_ids
  from moved m join made l on l.call_id = m.id`;

const UNIQUE_VIOLATION = '23505';

/**
 * Offers a connected call to a further agent: a transfer, a conference. Answers with the leg's id. Rejects with
 * `conflict` if the call is not connected or has changed, if it is already offered to somebody, or if the
 * agent has an active leg.
 */
export async function offerLeg(db: Database, offer: FurtherOffer): Promise<string> {
  const { callId, agentId, kind, fromLegId, reason } = offer;
  try {
    const { rows } = await db.query<CallChange & { leg_id: string }>(OFFER, [
      callId,
      agentId,
      kind,
      fromLegId,
      JSON.stringify(reason),
    ]);
    const made = rows[0];
    if (!made) throw new RtcDeskError('conflict', 'This call cannot be offered now.');
    notifyCalls(db, [made]);
    return made.leg_id;
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    throw new RtcDeskError('conflict', 'The call is offered already, or the agent is busy.', {
      cause: error,
    });
  }
}
