import type { Database } from '../database/database.ts';

export interface NewReadMark {
  readonly room: number;
  readonly participant: string;
  readonly sequence: number;
}

const MARK = `
update participants p set read_sequence = least($3::bigint, r.chat_sequence)::int
  from rooms r
 where p.id = $2 and p.room = $1 and r.number = p.room
   and p.read_sequence < least($3::bigint, r.chat_sequence)`;

/** A participant has seen the messages up to `sequence`. A mark never goes back, nor past the last message. */
export async function markRead(
  db: Database,
  { room, participant, sequence }: NewReadMark,
): Promise<void> {
  const { rowCount } = await db.query(MARK, [room, participant, sequence]);
  if (rowCount > 0) db.wake.notify(`read:${room}`);
}
