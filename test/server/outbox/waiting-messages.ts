import type { Database } from '../../../src/server/database/database.ts';

/** What is written down to be told to a service of Tencent's, and its time. */
export function waitingRemovals(db: () => Database, service: 'trtc' | 'im') {
  return {
    /** `pause`: from when it was written down to when it is due; in seconds. */
    async left(): Promise<{ tries: number; pause: number }[]> {
      const { rows } = await db().query<{ tries: number; pause: number }>(
        `select tries, extract(epoch from due_at - created_at)::float8 as pause from trtc_removals
          where service = $1`,
        [service],
      );
      return rows;
    },
    /** As if the time had passed until whatever waits is due: it was written down, and is due, at this moment. */
    async later(): Promise<void> {
      await db().query('update trtc_removals set due_at = now(), created_at = now()');
    },
    /** However long this test takes, what waits is not due yet. */
    async notYet(): Promise<void> {
      await db().query(`update trtc_removals set due_at = due_at + interval '1 hour'`);
    },
  };
}
