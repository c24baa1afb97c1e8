import type { Database } from '../database/database.ts';

/**
 * The node's heartbeat. False where the node had been declared dead meanwhile: its connections are
 * taken out, and whoever was connected through it has to come back.
 */
export async function beat(db: Database, nodeId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update nodes set heartbeat_at = clock_timestamp() where id = $1',
    [nodeId],
  );
  return rowCount === 1;
}
