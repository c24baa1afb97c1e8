import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { withRoomNumber } from './random-room-number.ts';
import { BUILT_IN_MEDIA, providerOf, type RoomMedia } from './room-media.ts';

const CREATE = `
insert into rooms (number, site_id, name, provider, witnessed)
select $1, s.id, $3, ${providerOf('$4')}, $5 from sites s where s.id = $2`;

/** A room that is not a call's: a meeting, a hearing. Answers with its number. */
export function createRoom(
  db: Database,
  {
    siteId,
    name,
    media = BUILT_IN_MEDIA,
  }: {
    readonly siteId: string;
    readonly name?: string | null | undefined;
    /** What the room may be made for; default: the built-in media. */
    readonly media?: RoomMedia | undefined;
  },
): Promise<number> {
  return withRoomNumber(async (room) => {
    const { rowCount } = await db.query(CREATE, [
      room,
      siteId,
      name ?? null,
      media.trtc,
      media.witnessed,
    ]);
    if (rowCount === 0) throw new RtcDeskError('unknown-site', 'No site of this key.');
    return room;
  });
}
