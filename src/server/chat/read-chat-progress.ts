import type { ReadMark } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

/** How far the conversation of a room is, and how far the people in it have read. */
export interface ChatProgress {
  readonly room: number;
  /** The sequence of the last message; 0: none. */
  readonly lastSequence: number;
  readonly readMarks: readonly ReadMark[];
}

// A hidden participant's mark would show that somebody is there.
const READ = `
select r.number as room, r.chat_sequence as "lastSequence",
       coalesce((select json_agg(json_build_object('participant', p.id, 'sequence', p.read_sequence) order by p.id)
                   from participants p
                  where p.room = r.number and p.entered_at is not null and p.left_at is null
                    and not p.hidden and p.read_sequence > 0), '[]') as "readMarks"
  from rooms r where r.number = any ($1::int[])`;

/** The progress of each of these rooms, in any order. Read marks are those of the people who are inside. */
export async function readChatProgress(
  db: Queryable,
  rooms: readonly number[],
): Promise<ChatProgress[]> {
  return (await db.query<ChatProgress>(READ, [rooms])).rows;
}

/** The read marks of one room. */
export async function readMarks(db: Queryable, room: number): Promise<readonly ReadMark[]> {
  return (await readChatProgress(db, [room]))[0]?.readMarks ?? [];
}
