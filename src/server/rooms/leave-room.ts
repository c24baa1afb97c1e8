import type { Database } from '../database/database.ts';

const LEAVE = `
update participants p set left_at = now() from rooms r
 where p.id = $2 and p.room = $1 and p.left_at is null and r.number = p.room and r.closed_at is null
returning r.call_id`;

/** A participant leaves the room. Entering again needs another participant. Leaving again changes nothing. */
export async function leaveRoom(
  db: Database,
  { room, participant }: { readonly room: number; readonly participant: string },
): Promise<void> {
  const { rows } = await db.query<{ call_id: string | null }>(LEAVE, [room, participant]);
  const left = rows[0];
  if (!left) return;
  db.wake.notify(`room:${room}`);
  if (left.call_id) db.wake.notify(`call:${left.call_id}`);
}
