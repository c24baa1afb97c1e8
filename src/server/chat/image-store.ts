import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { ChatBearer } from '../identity/chat-token.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { Picture } from './encode-picture.ts';

/** Pictures of one room. */
const MAX_ROOM_IMAGES = 300;

/** Rejects with `forbidden` unless the participant is in the room, and with `rate-limited` if the room is full. */
export async function checkMayUpload(
  db: Queryable,
  { room, participant }: ChatBearer,
): Promise<void> {
  const { rows } = await db.query<{ pictures: number }>(
    `select (select count(*) from images i where i.room = p.room)::int as pictures
       from participants p join rooms r on r.number = p.room
      where p.id = $2 and p.room = $1 and p.left_at is null and r.closed_at is null`,
    [room, participant],
  );
  const member = rows[0];
  if (!member) throw new RtcDeskError('forbidden', 'You are not in this room any more.');
  if (member.pictures >= MAX_ROOM_IMAGES) {
    throw new RtcDeskError('rate-limited', 'This room has too many pictures.');
  }
}

/** Stores a picture of the room while the sender is in it. Rejects with `forbidden`. */
export async function storeImage(
  db: Queryable,
  { room, participant }: ChatBearer,
  { type, width, height, bytes }: Picture,
): Promise<ChatImage> {
  const { rows } = await db.query<{ id: string }>(
    `insert into images (room, type, width, height, bytes)
     select p.room, $3, $4, $5, $6 from participants p join rooms r on r.number = p.room
      where p.id = $2 and p.room = $1 and p.left_at is null and r.closed_at is null
     returning id`,
    [room, participant, type, width, height, bytes],
  );
  const stored = rows[0];
  if (!stored) throw new RtcDeskError('forbidden', 'You are not in this room any more.');
  return { id: stored.id, width, height };
}

export interface StoredImage {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * A picture of the room, for a participant who is in it or was in it when it closed. After the end it can be read for
 * an hour, like the chat. Rejects with `forbidden`, `not-found`.
 */
export async function readImage(
  db: Queryable,
  { room, participant }: ChatBearer,
  id: string,
): Promise<StoredImage> {
  const { rows } = await db.query<{ type: string | null; bytes: Buffer | Uint8Array | null }>(
    `select i.type, i.bytes from participants p join rooms r on r.number = p.room
       left join images i on i.room = r.number and i.id = $3
      where p.id = $2 and p.room = $1 and (p.left_at is null or p.left_at >= r.closed_at)
        and (r.closed_at is null or r.closed_at > now() - make_interval(secs => ${timeouts.conversationShown}))`,
    [room, participant, id],
  );
  const row = rows[0];
  if (!row) throw new RtcDeskError('forbidden', 'You are not in this room any more.');
  if (!row.type || !row.bytes)
    throw new RtcDeskError('not-found', 'There is no such picture here.');
  return { type: row.type, bytes: Buffer.from(row.bytes) };
}
