import type { ChatMessage } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

const MAX_PAGE_MESSAGES = 100;
/** In JSON. A socket that has much more than this to send is cut as too slow. */
const MAX_PAGE_BYTES = 256 * 1024;
const MAX_INT4 = 2_147_483_647;

const READ = `
select m.sequence, m.id, m."from", m.name, m.role, m."sentAt", m.text, m.image
  from chat_messages m
 where m.room = $1 and m.sequence > $2
 order by m.sequence limit ${MAX_PAGE_MESSAGES}`;

export interface MessagePage {
  readonly messages: readonly ChatMessage[];
  /** Whether there may be further messages behind these. */
  readonly more: boolean;
}

/**
 * The messages of a room after a sequence, in order: at most 100, and at most 256 KiB of JSON. Ask again until none
 * comes.
 */
export async function readMessages(
  db: Queryable,
  asked: { readonly room: number; readonly after: number },
): Promise<readonly ChatMessage[]> {
  return (await readMessagePage(db, asked)).messages;
}

/** The same, and whether it is worth asking again. */
export async function readMessagePage(
  db: Queryable,
  { room, after }: { readonly room: number; readonly after: number },
): Promise<MessagePage> {
  const { rows } = await db.query<ChatMessage>(READ, [room, Math.min(after, MAX_INT4)]);
  let bytes = 0;
  const page: ChatMessage[] = [];
  for (const message of rows) {
    bytes += Buffer.byteLength(JSON.stringify(message)) + 1;
    if (bytes > MAX_PAGE_BYTES) break;
    page.push(message);
  }
  return { messages: page, more: page.length < rows.length || rows.length === MAX_PAGE_MESSAGES };
}
