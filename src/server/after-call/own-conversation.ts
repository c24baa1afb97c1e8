import { RtcDeskError } from '../../protocol/errors.ts';
import type { CaptionLine } from '../../protocol/rest/captions.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import {
  inOrder,
  readConversation,
  spokenLine,
  TRANSCRIPT_END,
  transcriptLine,
  transcriptStart,
} from '../calls/transcript.ts';
import { readCaptions } from '../captions/read-captions.ts';
import type { Queryable } from '../database/database.ts';

const READ_CALL = `
select c.room, s.name as site, to_char(c.requested_at at time zone 'UTC', 'YYYY-MM-DD') as day
  from calls c join sites s on s.id = c.site_id where c.id = $1`;

interface CallRow {
  readonly room: number | null;
  readonly site: string;
  readonly day: string;
}

async function readCall(db: Queryable, callId: string): Promise<CallRow> {
  const { rows } = await db.query<CallRow>(READ_CALL, [callId]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This call was deleted.');
  return rows[0];
}

/** What was said in a call. Rejects with `not-found` if the call was deleted. */
export async function readOwnConversation(db: Queryable, callId: string): Promise<ChatMessage[]> {
  const { room } = await readCall(db, callId);
  return room === null ? [] : readConversation(db, room);
}

const PICTURE = `
select i.bytes from calls c join images i on i.room = c.room where c.id = $1 and i.id = $2`;

/** A picture of the call's conversation: WebP. Rejects with `not-found`. */
export async function readOwnPicture(
  db: Queryable,
  callId: string,
  picture: string,
): Promise<Buffer> {
  const { rows } = await db.query<{ bytes: Uint8Array }>(PICTURE, [callId, picture]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This picture was deleted.');
  return Buffer.from(rows[0].bytes);
}

/** What was written and said, as one HTML file with its pictures inside, and the name of the file. */
export async function ownConversationFile(
  db: Queryable,
  callId: string,
): Promise<{ readonly name: string; readonly pieces: AsyncIterable<string> }> {
  const { room, site, day } = await readCall(db, callId);
  const messages = room === null ? [] : await readConversation(db, room);
  const lines = inOrder(messages, await readCaptions(db, callId));
  return {
    name: `conversation-${day}.html`,
    pieces: write(db, callId, `${site} · ${day}`, lines),
  };
}

/** Holds one picture at a time in memory. Leaves out a picture that was deleted after the reading of the messages. */
async function* write(
  db: Queryable,
  callId: string,
  title: string,
  lines: readonly (ChatMessage | CaptionLine)[],
): AsyncGenerator<string> {
  yield transcriptStart(title);
  for (const line of lines) {
    if (!('sequence' in line)) {
      yield spokenLine(line);
      continue;
    }
    const { rows } = line.image
      ? await db.query<{ bytes: Uint8Array }>(PICTURE, [callId, line.image.id])
      : { rows: [] };
    const bytes = rows[0] && Buffer.from(rows[0].bytes).toString('base64');
    yield transcriptLine(line, bytes === undefined ? null : `data:image/webp;base64,${bytes}`);
  }
  yield TRANSCRIPT_END;
}
