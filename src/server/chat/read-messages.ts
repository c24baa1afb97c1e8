import type { ChatMessage } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { CHAT_MESSAGE } from './chat-message-columns.ts';

const PAGE = 100;

/** The messages of a room after a sequence, in order, at most 100: ask again until none comes. */
export async function readMessages(
  db: Queryable,
  { room, after }: { readonly room: number; readonly after: number },
): Promise<ChatMessage[]> {
  const { rows } = await db.query<ChatMessage>(
    `select ${CHAT_MESSAGE} from messages m
       join participants p on p.id = m.participant_id left join images i on i.id = m.image_id
      where m.room = $1 and m.sequence > $2 order by m.sequence limit ${PAGE}`,
    [room, Math.min(after, 2_147_483_647)],
  );
  return rows;
}
