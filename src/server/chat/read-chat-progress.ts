import type { ReadMark } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

export interface ChatProgress {
  readonly room: number;
  /** The sequence of the room's last message; 0 where there is none. */
  readonly lastSequence: number;
  readonly readMarks: readonly ReadMark[];
}

const READ = `
  select r.number as room, r.chat_sequence as "lastSequence", coalesce((
           select json_agg(json_build_object('participant', p.id, 'sequence', p.read_sequence))
             from participants p
            where p.room = r.number and p.entered_at is not null and p.left_at is null and not p.hidden
              and p.read_sequence > 0), '[]') as "readMarks"
    from rooms r where r.number = any($1::int[])`;

/** How far the conversations of these rooms have come, in one statement. */
export async function readChatProgress(
  db: Queryable,
  rooms: readonly number[],
): Promise<ChatProgress[]> {
  return (await db.query<ChatProgress>(READ, [rooms])).rows;
}
