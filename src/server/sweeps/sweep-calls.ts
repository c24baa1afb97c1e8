import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import type { EndReason } from '../../protocol/views.ts';
import { agentIsGone, visitorIsGone } from '../presence/gone.ts';
import { timeouts } from '../settings/timeouts.ts';

// `media_lost`: TRTC has lost the visitor's media, too. `unsettled`: the call waits, and its visitor was there for a
// moment only. Somebody who floods the queue and leaves must not hold places for long. `awaited`: the server calls the
// visitor back, who comes only once the agent is there. A visitor who has left the call on purpose has no socket either:
// then the time to come back counts alone.
// Skips calls that another transaction has locked; the next sweep sees them. If the agent is gone too, the sweep
// of the legs decides (sweep-legs.ts).
const ABANDONED = `
select c.id, c.epoch,
       case when c.visitor_left_until is not null then 'visitor-ended'
            when g.awaited then 'no-answer'
            when not g.gone and c.visitor_hidden then 'abandoned'
            when not g.gone then 'media-failed'
            when c.state in ('ready', 'connected') then 'visitor-gone'
            else 'abandoned' end as reason
  from calls c
 cross join lateral (
   select ${visitorIsGone('c')} as gone,
          c.callback_id is not null and c.connected_at is null as awaited,
          exists (select from participants p join rooms r on r.number = p.room
                   where p.call_id = c.id and p.room = c.room and p.left_at is null
                     and p.reported = 'vanished' and r.provider = 'trtc') as media_lost,
          c.state in ('choosing', 'queued', 'offered', 'accepted') and c.visitor_id is null
            and c.visitor_gone_at < c.requested_at + make_interval(secs => ${timeouts.visitorSettled}) as unsettled) g
 where c.ended_at is null and service_is_up(${timeouts.gap}) and (
   c.visitor_left_until <= now()
   or (c.visitor_left_until is null and g.gone and not g.awaited and c.visitor_gone_at <= now() - make_interval(secs =>
     case when g.media_lost then ${timeouts.mediaLostGrace}
          when g.unsettled then ${timeouts.visitorGraceUnsettled}
          else ${timeouts.visitorGrace} end))
   or (c.state = 'ready' and c.enter_by <= now() and (g.awaited or not g.gone)
       and not exists (select from legs l join agents a on a.id = l.agent_id
                        where l.id = c.owner_leg_id and ${agentIsGone('a')})))
   for no key update of c skip locked`;

interface Row {
  readonly id: string;
  readonly epoch: number;
  readonly reason: EndReason;
}

/**
 * Ends calls whose visitor has left and has not come back, has been gone for too long, was not called back to a hidden page in time, is there and cannot
 * enter the room, or does not answer a callback.
 */
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
