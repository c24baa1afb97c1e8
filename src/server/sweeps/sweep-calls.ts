import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import type { EndReason } from '../../protocol/views.ts';
import { timeouts } from '../settings/timeouts.ts';

// Skips calls that another transaction has locked; the next sweep sees them. Where the agent is gone too, the sweep
// of the legs decides (sweep-legs.ts).
const ABANDONED = `
select c.id, c.epoch,
       case when v.call_id is null then 'media-failed'
            when c.state in ('ready', 'connected') then 'visitor-gone'
            else 'abandoned' end as reason
  from calls c
  left join calls_without_visitor v on v.call_id = c.id
 where c.ended_at is null and service_is_up(${timeouts.gap}) and (
   v.since <= now() - make_interval(secs =>
     case when v.media_lost then ${timeouts.mediaLostGrace} else ${timeouts.visitorGrace} end)
   or (c.state = 'ready' and c.enter_by <= now() and v.call_id is null
       and not exists (select from legs_without_agent g where g.leg_id = c.owner_leg_id)))
   for no key update of c skip locked`;

interface Row {
  readonly id: string;
  readonly epoch: number;
  readonly reason: EndReason;
}

/** Ends calls whose visitor has been gone for too long, or is there and cannot enter the room. */
export async function sweepCalls(db: Database): Promise<void> {
  const { rows } = await db.query<Row>(ABANDONED, []);
  await endCalls(
    db,
    rows.map(({ id, epoch, reason }) => ({
      callId: id,
      epoch,
      agentId: null,
      reason,
      actor: 'system',
    })),
  );
}
