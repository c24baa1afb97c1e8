import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import { readMessages } from '../chat/read-messages.ts';
import type { Queryable } from '../database/database.ts';
import { READABLE } from './readable-call.ts';

/** A past call, and who reads it. */
interface Asked {
  readonly callId: string;
  readonly agentId: string;
}

const ROOM = `select c.room from calls c where c.id = $2 and ${READABLE}`;

/** The conversation after a sequence, in order, at most 100. Rejects with `forbidden`. */
export async function readPastMessages(
  db: Queryable,
  { callId, agentId, after }: Asked & { readonly after: number },
): Promise<readonly ChatMessage[]> {
  const { rows } = await db.query<{ room: number | null }>(ROOM, [agentId, callId]);
  const [call] = rows;
  if (!call) throw new RtcDeskError('forbidden', 'You may not read this call.');
  return call.room === null ? [] : readMessages(db, { room: call.room, after });
}

const PICTURE = `
select i.bytes from calls c join images i on i.room = c.room where c.id = $2 and i.id = $3 and ${READABLE}`;

/** WebP. Rejects with `forbidden` for a call that the agent may not read, and for a picture of another one. */
export async function readPastPicture(
  db: Queryable,
  { callId, agentId, pictureId }: Asked & { readonly pictureId: string },
): Promise<Uint8Array> {
  const { rows } = await db.query<{ bytes: Uint8Array }>(PICTURE, [agentId, callId, pictureId]);
  if (!rows[0]) throw new RtcDeskError('forbidden', 'You may not read this picture.');
  return rows[0].bytes;
}
