import type { OutboxService } from '../../../src/server/outbox/outbox.ts';
import type { Database } from '../../../src/server/database/database.ts';

/** What the outbox holds for one service, and its times. */
export function outboxRows(db: () => Database, service: OutboxService) {
  return {
    /** `pause`: from when the message was written to when it is due; in seconds. */
    async waiting(): Promise<{ attempts: number; pause: number }[]> {
      const { rows } = await db().query<{ attempts: number; pause: number }>(
        `select attempts, extract(epoch from due_at - created_at)::float8 as pause from outbox
          where service = $1`,
        [service],
      );
      return rows;
    },
    /** As if the time had come: every message was written at this moment, and has been due for a minute. */
    async becomeDue(): Promise<void> {
      await db().query(
        `update outbox set due_at = now() - interval '1 minute', created_at = now()`,
      );
    },
    /** No message is due yet, however long the test takes. */
    async postpone(): Promise<void> {
      await db().query(`update outbox set due_at = due_at + interval '1 hour'`);
    },
    /** As if every message had been written so long ago. */
    async age(time: string): Promise<void> {
      await db().query('update outbox set created_at = now() - $1::interval', [time]);
    },
  };
}
