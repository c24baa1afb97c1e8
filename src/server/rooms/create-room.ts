import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { withRoomNumber } from './random-room-number.ts';
import { BUILT_IN_MEDIA, type RoomMedia } from './room-media.ts';

const CREATE = `
insert into rooms (number, site_id, kind, name, provider, confirmed_by_callback)
select $1, s.id, 'meeting', $3, case when $4::boolean and s.media <> 'mesh' then 'trtc' else 'mesh' end, $5
  from sites s where s.id = $2`;

/** A room that belongs to no call. Answers with its number. Rejects with `unknown-site`. */
export function createRoom(
  db: Database,
  {
    siteId,
    name,
    media = BUILT_IN_MEDIA,
  }: {
    readonly siteId: string;
    readonly name?: string | null | undefined;
    /** The media for which rooms may be made; default: the built-in media. */
    readonly media?: RoomMedia | undefined;
  },
): Promise<number> {
  return withRoomNumber(async (room) => {
    const { rowCount } = await db.query(CREATE, [
      room,
      siteId,
      name ?? null,
      media.trtc,
      media.confirmedByCallback,
    ]);
    if (rowCount === 0) throw new RtcDeskError('unknown-site', 'No such site.');
    return room;
  });
}
