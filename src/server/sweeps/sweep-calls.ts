import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { end, notifyEnded, type EndedCall } from '../calls/end-calls.ts';
import { HELD_CALLS, requeue } from '../legs/requeue-calls.ts';
import { SERVED_TILL_NOW } from '../presence/record-uptime.ts';
import { timeouts } from '../settings/timeouts.ts';

const longerThan = (since: string, seconds: number): string =>
  `${since} <= now() - make_interval(secs => ${seconds})`;

/** That the agent `a` has no socket is looked up again here: gone_at may be a moment old. */
const AGENT_GONE = `(a.gone_at is not null and not exists (select from connections x where x.agent_id = a.id))`;
const VISITOR_GONE = `(c.visitor_gone_at is not null and not exists (select from connections x where x.call_id = c.id))`;

/** Who left the call's room for good by TRTC's account, too; `gone`: since when no socket of them lives. */
const vanished = (role: string, gone: string): string => `(
  ${longerThan(gone, timeouts.vanished)} and exists (
    select from participants p join rooms r on r.number = p.room and r.provider = 'trtc'
     where p.room = c.room and p.role = '${role}' and p.left_at is null and p.seen = 'vanished'))`;
/** That the visitor will not be waited for any more. */
const VISITOR_LOST = `(${VISITOR_GONE} and (
  ${longerThan('c.visitor_gone_at', timeouts.visitorGrace)} or ${vanished('visitor', 'c.visitor_gone_at')}))`;
const AGENT_LOST = `(${AGENT_GONE} and (
  ${longerThan('a.gone_at', timeouts.agentGrace)} or ${vanished('agent', 'a.gone_at')}))`;

/** Of a call whose row somebody else holds the next sweep will know: none of the others waits for it. */
const UNHELD = 'for no key update of c skip locked';

const TAKE_BACK = requeue(`
  select c.id, c.epoch, c.state, a.id, c.room,
         case when c.state = 'offered' and a.status = 'available' and not ${AGENT_GONE}
              then 'missed' else 'withdrawn' end,
         case when ${AGENT_GONE} then 'agent-gone'
              when c.state = 'accepted' then case when exists (
                select from participants p where p.room = c.room and p.agent_id = a.id
                   and p.left_at is null and p.entered_at is not null)
                then 'no-trtc-callback' else 'room-not-entered' end
              when a.status = 'available' then 'missed' else 'agent-unavailable' end
    from ${HELD_CALLS}
   where c.state in ('offered', 'accepted', 'ready') and c.ended_reason is null and ${SERVED_TILL_NOW} and (
     (c.state = 'offered' and (o.deadline <= now() or a.status <> 'available'))
     or (c.state = 'accepted' and c.enter_by <= now())
     or (${AGENT_GONE} and (
       a.id = any ($1::uuid[])
       or (c.state = 'offered' and ${longerThan('a.gone_at', timeouts.ringingAgent)})
       or ${longerThan('a.gone_at', timeouts.comingAgent)})))
     ${UNHELD}`);

const END = end(`
  select c.id, c.epoch, c.state, coalesce(c.agent_id, o.agent_id),
         case when ${VISITOR_LOST}
                then case when c.state in ('ready', 'connected') then 'visitor-gone' else 'abandoned' end
              when c.state = 'ready' then 'media-failed'
              else 'agent-gone' end
    from calls c left join offers o on o.call_id = c.id and o.closed_at is null
                 left join agents a on a.id = c.agent_id
   where c.ended_reason is null and ${SERVED_TILL_NOW} and (
     ${VISITOR_LOST}
     or (c.state = 'ready' and c.enter_by <= now() and not ${VISITOR_GONE})
     or (c.state = 'connected' and ${AGENT_LOST}))
     ${UNHELD}`);

/**
 * Offers whose time ran out, and calls whose agent is gone or did not come, before the two have met:
 * back into the queue. `orphans` are agents whose node has just died: they are not waited for.
 */
export async function sweepHeldCalls(db: Database, orphans: readonly string[]): Promise<void> {
  const { rows } = await db.query<CallChange>(TAKE_BACK, [orphans]);
  notifyCalls(db, rows, { line: true, matching: true });
}

/** Calls that one of the two has left for longer than the grace, or that the visitor cannot enter. */
export async function sweepEnds(db: Database): Promise<void> {
  notifyEnded(db, (await db.query<EndedCall>(END, [])).rows);
}
