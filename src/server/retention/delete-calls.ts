import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database, Queryable } from '../database/database.ts';

// Foreign keys delete what belongs to a call.
const DELETE = `
with target as materialized (
  select c.*, (c.requested_at at time zone s.time_zone)::date as day
    from calls c join sites s on s.id = c.site_id
   where c.id = any ($1::uuid[]) and c.ended_at is not null),
kept as (
  insert into call_figures as f
         (site_id, group_id, day, ended_reason, calls, connected, wait_seconds, talk_seconds)
  select t.site_id, t.group_id, t.day, t.ended_reason, count(*), count(t.connected_at),
         sum(floor(extract(epoch from coalesce(t.connected_at, t.ended_at) - t.requested_at))),
         sum(floor(coalesce(extract(epoch from t.ended_at - t.connected_at), 0)))
    from target t where t.group_id is not null group by 1, 2, 3, 4 order by 1, 2, 3, 4
  on conflict (site_id, group_id, day, ended_reason) do update set
    calls = f.calls + excluded.calls, connected = f.connected + excluded.connected,
    wait_seconds = f.wait_seconds + excluded.wait_seconds, talk_seconds = f.talk_seconds + excluded.talk_seconds),
deleted as (
  delete from calls c using target t where c.id = t.id)
select t.id as call_id, t.site_id, t.group_id, t.room,
       array(select distinct l.agent_id::text from legs l where l.call_id = t.id) as agent_ids
  from target t`;

/**
 * Deletes ended calls with their legs, events, rooms, participants, messages and pictures, and adds their figures to
 * `call_figures`. A call that is live stays. Resolves to the deleted calls, for `notifyDeletedCalls`.
 *
 * `tx` must be a transaction with the isolation level `repeatable read`, so that no call is counted in the figures that
 * another transaction deletes.
 */
export async function deleteCalls(
  tx: Queryable,
  ids: readonly string[],
): Promise<readonly CallChange[]> {
  // Only so may events be deleted (04-calls.sql).
  await tx.query(`set local rtc_desk.retention = 'on'`);
  return (await tx.query<CallChange>(DELETE, [ids])).rows;
}

/**
 * Makes visitors and agents who still see one of these calls get a new view, for example an agent in the wrap-up. Call it
 * after the commit.
 */
export function notifyDeletedCalls(db: Database, calls: readonly CallChange[]): void {
  notifyCalls(db, calls, { matching: true });
}
