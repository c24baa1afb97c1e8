import type { ReadMark } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

/** What the people who are in the room have read; without those who have read nothing, and without hidden ones. */
export async function readMarks(db: Queryable, room: number): Promise<ReadMark[]> {
  const { rows } = await db.query<ReadMark>(
    `select p.id as participant, p.read_sequence as sequence from participants p
      where p.room = $1 and p.entered_at is not null and p.left_at is null and not p.hidden
        and p.read_sequence > 0`,
    [room],
  );
  return rows;
}
