import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

// A trigger of rooms puts what TRTC and IM have to know into the outbox (08-outbox.sql).
const CLOSE = `
update rooms r set closed_at = now()
 where r.number = $1 and r.site_id = $2 and r.call_id is null and r.closed_at is null
returning r.number`;

// Each use of a token writes a participant, so the last one says when the room was last used.
const CLOSE_UNUSED = `
update rooms r set closed_at = now()
 where r.call_id is null and r.closed_at is null
   and greatest(r.created_at, (select max(greatest(p.issued_at, p.left_at)) from participants p where p.room = r.number))
       < now() - make_interval(secs => ${timeouts.unusedRoom})
   and not exists (select from participants p where p.room = r.number and p.connection_id is not null)
returning r.number`;

/** Closes a site's room that belongs to no call; false if the site has no such open room. */
export async function closeRoom(
  db: Database,
  { siteId, room }: { readonly siteId: string; readonly room: number },
): Promise<boolean> {
  return (await close(db, CLOSE, [room, siteId])) > 0;
}

/** Closes rooms without a call that nobody has used for 60 days. */
export async function closeUnusedRooms(db: Database): Promise<void> {
  await close(db, CLOSE_UNUSED, []);
}

async function close(db: Database, statement: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await db.query<{ number: number }>(statement, values);
  for (const { number } of rows) db.wake.notify(`room:${number}`);
  return rows.length;
}
