import type { RecordingSettings } from '../../src/protocol/views.ts';
import type { Queryable } from '../../src/server/database/database.ts';
import { recordingSettings } from './recording-settings.ts';

/** Sets how a site records: by `recordingSettings`. */
export async function recordOn(
  db: Queryable,
  site: string,
  settings: Partial<RecordingSettings> = {},
): Promise<void> {
  const rule = recordingSettings(settings);
  await db.query('update sites set recording = $2 where id = $1', [site, JSON.stringify(rule)]);
}
