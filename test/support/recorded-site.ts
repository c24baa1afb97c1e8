import type { RecordingSettings } from '../../src/protocol/views.ts';
import type { Queryable } from '../../src/server/database/database.ts';

/** Sets how a site records. What is not given: on demand, without asking; the call goes on. */
export async function recordOn(
  db: Queryable,
  site: string,
  settings: Partial<RecordingSettings> = {},
): Promise<void> {
  const rule: RecordingSettings = {
    mode: 'on-demand',
    askFirst: false,
    onRefusal: 'continue',
    onFailure: 'continue',
    text: {},
    ...settings,
  };
  await db.query('update sites set recording = $2 where id = $1', [site, JSON.stringify(rule)]);
}
