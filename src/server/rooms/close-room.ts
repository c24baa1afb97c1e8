import type { Database } from '../database/database.ts';
import { closing } from './close-rooms.ts';
import { timeouts } from '../settings/timeouts.ts';

/** Closes what `target` selects of rooms `r` that are no call's, and shows everyone out. */
const close = (target: string): string => `
with ${closing(`where r.call_id is null and r.closed_at is null and ${target}`)}
select number from shut`;

const CLOSE = close('r.number = $1 and r.site_id = $2');

// A join is written down for each token that is used, so that the last one says when the room was last used.
const CLOSE_UNUSED = close(`
  greatest(r.created_at, (select max(greatest(p.issued_at, p.left_at)) from participants p where p.room = r.number))
    < now() - make_interval(secs => ${timeouts.unusedRoom})
  and not exists (select from participants p join connections x on x.id = p.connection_id where p.room = r.number)`);

/** Closes a site's room that is not a call's; false where it has no such open room. */
export async function closeRoom(
  db: Database,
  { siteId, room }: { readonly siteId: string; readonly room: number },
): Promise<boolean> {
  return (await run(db, CLOSE, [room, siteId])) > 0;
}

/** Rooms that nobody has used for long: what was made for one meeting need not stay open for ever. */
export async function closeUnusedRooms(db: Database): Promise<void> {
  await run(db, CLOSE_UNUSED, []);
}

async function run(db: Database, statement: string, values: readonly unknown[]): Promise<number> {
  const { rows } = await db.query<{ number: number }>(statement, values);
  for (const { number } of rows) db.wake.notify(`room:${number}`);
  return rows.length;
}
