import type { Database, Queryable } from '../database/database.ts';
import { notifyCalls, type CallChange } from './call-change.ts';
import type { EndReason } from '../../protocol/views.ts';
import { WRAP_UP_UNTIL } from '../wrap-up/wrap-up-time.ts';

/** A call that is to end, as it was read. */
export interface CallToEnd {
  readonly callId: string;
  /** The call ends only under this epoch; null: under the one that the statement reads. */
  readonly epoch: number | null;
  /** The agent who ends it; null if the visitor or the server does. */
  readonly agentId: string | null;
  /** Null: follows from who ends it and from the call's state. */
  readonly reason: EndReason | null;
  readonly actor: 'visitor' | 'agent' | 'system';
}

export interface EndedCall extends CallChange {
  /** It ended while it still waited in the queue. */
  readonly waited: boolean;
}

/**
 * Ends calls; the call's id is a row's key. A call that has changed since it was read has another epoch and is
 * left alone. An agent ends only a call in which no other agent talks. Legs that were joined go into wrap-up if
 * the group has one. All rooms of the call close; a trigger puts what TRTC and IM have to know into the outbox. A room
 * that an offer held is deleted: nobody was in it.
 */
const END = `
with asked as materialized (
  select * from unnest($1::text[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[])
    as a (key, call_id, epoch, agent_id, reason, actor)),
target as materialized (
  select c.id, c.epoch, c.state, a.actor, a.agent_id,
         coalesce(a.reason, case when a.agent_id is not null then 'agent-ended'
                                 when c.state in ('ready', 'connected') then 'visitor-ended'
                                 else 'cancelled' end) as reason
    from asked a join calls c on c.id = a.call_id
   where c.state <> 'ended' and (a.epoch is null or c.epoch = a.epoch)
     and (a.agent_id is null or (
       exists (select from legs l where l.call_id = c.id and l.agent_id = a.agent_id
                  and l.state in ('accepted', 'joined') and l.kind <> 'monitor')
       and not exists (select from legs l where l.call_id = c.id and l.agent_id <> a.agent_id
                          and l.state = 'joined' and l.kind <> 'monitor')))
   order by c.id),
ended as (
  update calls c
     set state = 'ended', epoch = c.epoch + 1, event_count = c.event_count + 1,
         ended_at = clock_timestamp(), ended_reason = t.reason, enter_by = null, first_signal = null,
         visitor_hidden = false, visitor_left_until = null
    from target t
   where c.id = t.id and c.epoch = t.epoch
  returning c.id, c.site_id, c.group_id, c.room, c.event_count, c.owner_leg_id, t.state as was, t.reason,
            t.actor, t.agent_id),
finished as (
  update legs l
     set state = case when l.state <> 'joined' then 'withdrawn'
                      when g.wrap_up_seconds > 0 and l.kind <> 'monitor' then 'left'
                      else 'closed' end,
         wrap_up_until = case when l.state = 'joined' and g.wrap_up_seconds > 0 and l.kind <> 'monitor'
                              then ${WRAP_UP_UNTIL} end,
         closed_at = case when l.state = 'joined' and g.wrap_up_seconds > 0 and l.kind <> 'monitor'
                          then null else clock_timestamp() end,
         left_at = case when l.state = 'joined' then clock_timestamp() end,
         deadline = null, end_reason = 'call-ended'
    from ended e, skill_groups g
   where l.call_id = e.id and l.state in ('offered', 'accepted', 'joined')
     and g.site_id = l.site_id and g.id = l.group_id
  returning l.call_id, l.agent_id, l.joined_at is not null as joined),
freed as (
  update agents a set idle_since = now() from finished f where a.id = f.agent_id and f.joined),
closed as (
  update rooms r set closed_at = now() from ended e
   where r.call_id = e.id and r.closed_at is null and e.was <> 'offered'),
deleted_rooms as (
  delete from rooms r using ended e where r.call_id = e.id and r.closed_at is null and e.was = 'offered'),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select e.id, e.event_count, 'ended', e.actor, e.owner_leg_id, e.agent_id, jsonb_build_object('reason', e.reason)
    from ended e)
select e.id::text as key, e.id as call_id, e.site_id, e.group_id, e.room,
       array(select f.agent_id from finished f where f.call_id = e.id) as agent_ids,
       e.was in ('queued', 'offered') as waited
  from ended e`;

/** Ends one call, together with others that are ended in the same moment. Undefined if it did not end. */
export async function endOne(db: Database, call: CallToEnd): Promise<EndedCall | undefined> {
  const { callId, epoch, agentId, reason, actor } = call;
  const ended = await db.batch<EndedCall>(END, callId, [callId, epoch, agentId, reason, actor]);
  if (ended) notifyEnded(db, [ended]);
  return ended;
}

/** Ends several calls in one statement. Answers with those that ended. */
export async function endCalls(db: Database, calls: readonly CallToEnd[]): Promise<EndedCall[]> {
  const ended = await writeEnds(db, calls);
  notifyEnded(db, ended);
  return ended;
}

/** Ends several calls in the caller's transaction. After the commit the caller hands the answer to `notifyEnded`. */
export async function writeEnds(tx: Queryable, calls: readonly CallToEnd[]): Promise<EndedCall[]> {
  if (calls.length === 0) return [];
  const { rows } = await tx.query<EndedCall>(END, [
    calls.map(({ callId }) => callId),
    calls.map(({ callId }) => callId),
    calls.map(({ epoch }) => epoch),
    calls.map(({ agentId }) => agentId),
    calls.map(({ reason }) => reason),
    calls.map(({ actor }) => actor),
  ]);
  return rows;
}

export function notifyEnded(db: Database, ended: readonly EndedCall[]): void {
  for (const call of ended) notifyCalls(db, [call], { queue: call.waited, matching: true });
}
