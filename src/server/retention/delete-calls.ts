import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database, Queryable } from '../database/database.ts';
import { countCalls } from '../reports/roll-up.ts';

// Foreign keys delete what belongs to a call.
const DELETE = `
with deleted as (
  delete from calls c where id = any ($1::uuid[]) and ended_at is not null
     and not exists (select from legal_holds h where h.call_id = c.id)
  returning id, site_id, group_id, room)
select d.id as call_id, d.site_id, d.group_id, d.room,
       array(select distinct l.agent_id::text from legs l where l.call_id = d.id) as agent_ids
  from deleted d`;

/**
 * Deletes ended calls with their legs, events, rooms, participants, messages, pictures and recordings, and adds them to the
 * figures of the reports first, if they are not counted yet. A call that is live, or has a legal hold, stays. Resolves to the deleted calls, for `notifyDeletedCalls`.
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
  await countCalls(tx, ids);
  return (await tx.query<CallChange>(DELETE, [ids])).rows;
}

/**
 * Makes visitors and agents who still see one of these calls get a new view, for example an agent in the wrap-up. Call it
 * after the commit.
 */
export function notifyDeletedCalls(db: Database, calls: readonly CallChange[]): void {
  notifyCalls(db, calls, { matching: true });
}
