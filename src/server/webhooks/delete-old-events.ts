import type { Database } from '../database/database.ts';

/** How long people can look at deliveries and send them again. */
const KEPT_DAYS = 30;

const DELETE = `
delete from webhook_events v
 where v.at < now() - make_interval(days => $1)
   and not exists (select from webhook_deliveries d where d.event_id = v.id and d.state = 'waiting')`;

/** Deletes events that are older than 30 days, together with their deliveries. */
export async function deleteOldEvents(db: Database): Promise<void> {
  await db.query(DELETE, [KEPT_DAYS]);
}
