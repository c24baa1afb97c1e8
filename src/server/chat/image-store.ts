import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { ChatBearer } from '../identity/chat-token.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { Picture } from './encode-picture.ts';

// The quotas are asked again when the picture is stored. Here they spare the work of an upload that would be refused.
const READ_QUOTA = `
select (select count(*) from images i where i.room = r.number) >= s.pictures_per_room as room_full,
       coalesce(t.bytes, 0) >= s.picture_bytes as site_full
  from participants p join rooms r on r.number = p.room join sites s on s.id = r.site_id
  left join picture_storage t on t.site_id = s.id
 where p.id = $2 and p.room = $1 and p.left_at is null and r.closed_at is null`;

/**
 * Rejects with `forbidden` unless the participant is in the room, and with `too-many-images` if the room or the site has
 * as many pictures as it may have.
 */
export async function checkMayUpload(
  db: Queryable,
  { room, participant }: ChatBearer,
): Promise<void> {
  const { rows } = await db.query<{ room_full: boolean; site_full: boolean }>(READ_QUOTA, [
    room,
    participant,
  ]);
  if (!rows[0]) throw notInRoom();
  if (rows[0].room_full) throw tooMany('This room has as many pictures as it may have.');
  if (rows[0].site_full) throw tooMany('The site has no space for further pictures.');
}

// Uploads into one room, and then those of one site, go one after another. So the quotas hold exactly.
const LOCK_ROOM = 'select from rooms where number = $1 for no key update';
const LOCK_SITE = `
insert into picture_storage (site_id) select site_id from rooms where number = $1
on conflict (site_id) do update set bytes = picture_storage.bytes`;

const STORE = `
insert into images (room, site_id, type, width, height, bytes)
select r.number, r.site_id, $3, $4, $5, $6
  from participants p join rooms r on r.number = p.room join sites s on s.id = r.site_id
  join picture_storage t on t.site_id = s.id
 where p.id = $2 and p.room = $1 and p.left_at is null and r.closed_at is null
   and (select count(*) from images i where i.room = r.number) < s.pictures_per_room
   and t.bytes + length($6::bytea) <= s.picture_bytes
returning id`;

/** Stores a picture of the room while the sender is in it. Rejects with `forbidden`, `too-many-images`. */
export async function storeImage(
  db: Database,
  bearer: ChatBearer,
  { type, width, height, bytes }: Picture,
): Promise<ChatImage> {
  const { room, participant } = bearer;
  const stored = await db.transaction(async (tx) => {
    await tx.query(LOCK_ROOM, [room]);
    await tx.query(LOCK_SITE, [room]);
    const values = [room, participant, type, width, height, bytes];
    return (await tx.query<{ id: string }>(STORE, values)).rows[0];
  });
  if (stored) return { id: stored.id, width, height };
  await checkMayUpload(db, bearer);
  throw tooMany('The site has no space for this picture.');
}

function notInRoom(): RtcDeskError {
  return new RtcDeskError('forbidden', 'You are not in this room any more.');
}

function tooMany(message: string): RtcDeskError {
  return new RtcDeskError('too-many-images', message);
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
  if (!row) throw notInRoom();
  if (!row.type || !row.bytes)
    throw new RtcDeskError('not-found', 'There is no such picture here.');
  return { type: row.type, bytes: Buffer.from(row.bytes) };
}
