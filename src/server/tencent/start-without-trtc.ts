import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { fallBackEverywhere } from '../rooms/fall-back.ts';
import { SettingsError } from '../settings/settings.ts';

/** The rooms that offers hold. The accept then makes a room of the built-in media. */
const DELETE_HELD = `
delete from rooms r using calls c where c.id = r.call_id and c.state = 'offered' and r.closed_at is null`;

/**
 * To be called when the server starts without TRTC's keys. Rejects with a SettingsError if a site wants TRTC and
 * nothing else. Rooms that an earlier start made for TRTC go on with the built-in media.
 */
export async function startWithoutTrtc(db: Database, logger: Pick<Logger, 'warn'>): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `select id from sites where media = 'trtc' order by id limit 1`,
  );
  if (rows[0]) {
    throw new SettingsError(
      `TRTC_SDK_APP_ID and TRTC_SECRET_KEY must be set: the site "${rows[0].id}" has "media": "trtc".`,
    );
  }
  await db.query(DELETE_HELD, []);
  const rooms = await fallBackEverywhere(db);
  if (rooms > 0) {
    logger.warn(
      { rooms },
      'TRTC is no longer set up: its open rooms go on with the built-in media',
    );
  }
}
