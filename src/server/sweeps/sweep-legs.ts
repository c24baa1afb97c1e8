import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import { closeLeg } from '../legs/close-leg.ts';
import { leaveLeg } from '../legs/leave-leg.ts';
import { requeueCalls } from '../legs/requeue-calls.ts';
import { agentIsGone } from '../presence/gone.ts';
import { timeouts } from '../settings/timeouts.ts';

/** A leg that is not waited for any longer, with its call. */
interface FailedLeg {
  readonly id: string;
  readonly state: 'offered' | 'accepted' | 'joined';
  readonly reason: FailureReason;
  readonly call_id: string;
  readonly epoch: number;
  readonly connected: boolean;
  /** Whether the call depends on this leg: it is the owner, or the first offer. */
  readonly main: boolean;
  /** Whether another agent talks in the call, who is not lost. */
  readonly others: boolean;
}

type FailureReason =
  'missed' | 'agent-unavailable' | 'agent-gone' | 'room-not-entered' | 'no-trtc-callback';

// `$1`: agents whose node has just died. They are waited for only in a connected call.
// `media_lost`: TRTC has lost the agent's media, too.
// Skips calls that another transaction has locked; the next sweep sees them.
const FAILED = `
with failed as materialized (
  select l.id, l.call_id, l.state,
         case when g.gone then 'agent-gone'
              when l.state = 'offered' and a.status = 'available' then 'missed'
              when l.state = 'offered' then 'agent-unavailable'
              when exists (select from participants p
                            where p.leg_id = l.id and p.entered_at is not null and p.left_at is null)
              then 'no-trtc-callback'
              else 'room-not-entered' end as reason
    from legs l
    join calls c on c.id = l.call_id
    join agents a on a.id = l.agent_id
   cross join lateral (
     select ${agentIsGone('a')} as gone,
            exists (select from participants p join rooms r on r.number = p.room
                     where p.leg_id = l.id and p.left_at is null
                       and p.reported = 'vanished' and r.provider = 'trtc') as media_lost) g
   where l.state in ('offered', 'accepted', 'joined') and service_is_up(${timeouts.gap}) and (
     l.deadline <= now()
     or (l.state = 'offered' and a.status <> 'available')
     or (g.gone and a.gone_at <= now() - make_interval(secs => case
          when l.state = 'offered' then ${timeouts.agentGraceOffered}
          when l.state = 'accepted' or c.state = 'ready' then ${timeouts.agentGraceAccepted}
          when g.media_lost then ${timeouts.mediaLostGrace}
          else ${timeouts.agentGrace} end))
     or (g.gone and l.agent_id = any ($1::uuid[])
         and (l.state <> 'joined' or c.state = 'ready'))))
select f.id, f.state, f.reason, f.call_id, c.epoch, c.state = 'connected' as connected,
       c.state = 'offered' or f.id = c.owner_leg_id as main,
       exists (select from legs o
                where o.call_id = c.id and o.id <> f.id and o.state = 'joined' and o.kind <> 'monitor'
                  and o.id not in (select id from failed)) as others
  from failed f join calls c on c.id = f.call_id
 order by f.call_id, f.id
   for no key update of c skip locked`;

/**
 * Ends legs that are not waited for any longer: offers and accepted legs past their deadline, and legs whose agent is
 * gone. The call goes on if another agent talks in it; else it goes back into the queue, or ends if the
 * two had met. `orphans`: agents whose node has just died.
 */
export async function sweepLegs(db: Database, orphans: readonly string[]): Promise<void> {
  const { rows } = await db.query<FailedLeg>(FAILED, [orphans]);
  const lost = rows.filter(({ main, others }) => main && !others);
  await requeueCalls(
    db,
    lost
      .filter(({ connected }) => !connected)
      .map((leg) => ({
        callId: leg.call_id,
        epoch: leg.epoch,
        legState: closedState(leg),
        reason: leg.reason,
        actor: 'system',
      })),
  );
  await endCalls(
    db,
    lost
      .filter(({ connected }) => connected)
      .map(({ call_id, epoch }) => ({
        callId: call_id,
        epoch,
        agentId: null,
        reason: 'agent-gone',
        actor: 'system',
      })),
  );
  for (const leg of rows) {
    if (lost.includes(leg)) continue;
    // Each reads its call again. A leg that changed meanwhile, or that ended with its call above, stays as it is.
    if (leg.state === 'joined') await leaveLeg(db, { legId: leg.id, reason: 'agent-gone' });
    else await closeLeg(db, { legId: leg.id, state: closedState(leg), reason: leg.reason });
  }
}

function closedState({ reason }: FailedLeg): 'missed' | 'withdrawn' {
  return reason === 'missed' ? 'missed' : 'withdrawn';
}
