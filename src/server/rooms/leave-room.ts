import type { Database } from '../database/database.ts';

/** Marks who left; the join is over, another one needs another participant. Again: does nothing. */
export async function leaveRoom(
  db: Database,
  { room, participant }: { readonly room: number; readonly participant: string },
): Promise<void> {
  const { rows } = await db.query<{ call_id: string | null }>(
    `update participants p set left_at = now() from rooms r
      where p.id = $2 and p.room = $1 and p.left_at is null and r.number = p.room and r.closed_at is null
      returning r.call_id`,
    [room, participant],
  );
  const left = rows[0];
  if (!left) return;
  db.wake.notify(`room:${room}`);
  if (left.call_id) db.wake.notify(`call:${left.call_id}`);
}
