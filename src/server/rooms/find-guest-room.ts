import type { Queryable } from '../database/database.ts';

interface GuestRoom {
  readonly siteId: string;
  /** The participant that this guest has in the room already. */
  readonly participant: string | null;
}

/** The room of a guest's token; null if it is closed or belongs to a call. `subject` is the guest's own id. */
export async function findGuestRoom(
  db: Queryable,
  { room, subject }: { readonly room: number; readonly subject: string },
): Promise<GuestRoom | null> {
  const { rows } = await db.query<GuestRoom>(
    `select r.site_id as "siteId", (
        select p.id from participants p
         where p.room = r.number and p.subject = $2 and p.left_at is null
         order by p.issued_at desc limit 1) as participant
       from rooms r where r.number = $1 and r.closed_at is null and r.call_id is null`,
    [room, subject],
  );
  return rows[0] ?? null;
}
