import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { fallBackEverywhere } from '../rooms/fall-back.ts';
import { SettingsError } from '../settings/settings.ts';

/**
 * To be called when the server starts without TRTC's keys. Rejects with a SettingsError where a site wants TRTC and
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
  const rooms = await fallBackEverywhere(db);
  if (rooms > 0) {
    logger.warn(
      { rooms },
      'TRTC is no longer set up: its open rooms go on with the built-in media',
    );
  }
}
