import type { Database } from '../database/database.ts';
import { withRoomNumber } from './random-room-number.ts';

/** A room that is not a call's: a meeting, a hearing. Answers with its number. */
export function createRoom(
  db: Database,
  {
    siteId,
    name,
    provider = 'peer',
  }: {
    readonly siteId: string;
    readonly name?: string | null | undefined;
    readonly provider?: 'peer' | 'trtc' | undefined;
  },
): Promise<number> {
  return withRoomNumber(async (room) => {
    await db.query('insert into rooms (number, site_id, name, provider) values ($1, $2, $3, $4)', [
      room,
      siteId,
      name ?? null,
      provider,
    ]);
    return room;
  });
}
