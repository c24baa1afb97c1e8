import type { Database } from '../database/database.ts';

/**
 * The call is this visitor's connection's from now on, whichever connection is older: the newest counts, and the one
 * that had the call until now is superseded.
 */
export async function takeOverCall(
  db: Database,
  { callId, connectionId }: { readonly callId: string; readonly connectionId: string },
): Promise<void> {
  await db.query(
    'update connections set connected_at = clock_timestamp() where id = $1 and call_id = $2',
    [connectionId, callId],
  );
  db.wake.notify(`call:${callId}`);
}
