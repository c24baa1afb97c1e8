import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';

/** A call whose agent did not come about, as it was read. */
export interface CallToRequeue {
  readonly callId: string;
  /** The call moves only under this epoch. */
  readonly epoch: number;
  /** What becomes of its leg. */
  readonly legState: 'declined' | 'missed' | 'withdrawn';
  /** Why: declined, missed, agent-unavailable, agent-gone, room-not-entered, no-trtc-callback. */
  readonly reason: string;
  readonly actor: 'agent' | 'system';
}

/** Missed offers in a row after which an agent is away. */
const MISSES_UNTIL_AWAY = 2;

/**
 * Puts calls that are offered, accepted or ready back into the queue, in their old place, and frees their agents.
 * The call's room closes: the next agent gets another. A room that an offer held is deleted: nobody was in it. A call
 * that has changed since it was read has another epoch and is left alone.
 */
const REQUEUE = `
with asked as materialized (
  select * from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[])
    as a (call_id, epoch, leg_state, reason, actor)),
moved as (
  update calls c
     set state = 'queued', epoch = c.epoch + 1, event_count = c.event_count + 2,
         owner_leg_id = null, room = null, enter_by = null, ready_at = null, first_signal = null,
         visitor_hidden = false
    from asked a join calls was on was.id = a.call_id
   where c.id = a.call_id and was.epoch = a.epoch and c.epoch = a.epoch and c.state in ('offered', 'accepted', 'ready')
  returning c.id, c.site_id, c.group_id, c.event_count, was.state as was, a.leg_state, a.reason, a.actor),
finished as (
  update legs l
     set state = m.leg_state, end_reason = m.reason, deadline = null, closed_at = clock_timestamp(),
         left_at = case when l.state = 'joined' then clock_timestamp() end
    from moved m
   where l.call_id = m.id and l.state in ('offered', 'accepted', 'joined')
  returning l.id, l.call_id, l.agent_id, l.kind, l.state),
freed as (
  update agents a
     set missed_in_row = case f.state when 'declined' then 0 when 'missed' then a.missed_in_row + 1
                                      else a.missed_in_row end,
         status = case when w.away then 'away' else a.status end,
         status_reason = case when w.away then null else a.status_reason end,
         status_since = case when w.away then now() else a.status_since end
    from finished f
    join agents was on was.id = f.agent_id
    cross join lateral (
      select was.status = 'available' and f.state = 'missed'
             and was.missed_in_row + 1 >= ${MISSES_UNTIL_AWAY} as away) w
   where a.id = f.agent_id and f.kind <> 'monitor'),
closed as (
  update rooms r set closed_at = now() from moved m
   where r.call_id = m.id and r.closed_at is null and m.was <> 'offered'),
deleted_rooms as (
  delete from rooms r using moved m where r.call_id = m.id and r.closed_at is null and m.was = 'offered'),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select m.id, m.event_count - 1, 'offer-' || m.leg_state, m.actor, f.id, f.agent_id,
         jsonb_build_object('reason', m.reason)
    from moved m
    left join lateral (select f.id, f.agent_id from finished f
                        where f.call_id = m.id and f.kind <> 'monitor' limit 1) f on true
  union all
  select m.id, m.event_count, 'queued', 'system', null, null, jsonb_build_object('group', m.group_id)
    from moved m)
select m.id as call_id, m.site_id, m.group_id, null::int as room,
       array(select f.agent_id from finished f where f.call_id = m.id) as agent_ids
  from moved m`;

/** Answers with the calls that moved. */
export async function requeueCalls(
  db: Database,
  calls: readonly CallToRequeue[],
): Promise<CallChange[]> {
  if (calls.length === 0) return [];
  const { rows } = await db.query<CallChange>(REQUEUE, [
    calls.map(({ callId }) => callId),
    calls.map(({ epoch }) => epoch),
    calls.map(({ legState }) => legState),
    calls.map(({ reason }) => reason),
    calls.map(({ actor }) => actor),
  ]);
  notifyCalls(db, rows, { queue: true, matching: true });
  return rows;
}
