import type { Database } from '../database/database.ts';

/**
 * Writes the node's heartbeat. False if the node has been declared dead: its connections are gone from
 * the tables, and everybody who was connected through it has to come back.
 */
export async function heartbeat(db: Database, nodeId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update nodes set heartbeat_at = clock_timestamp() where id = $1',
    [nodeId],
  );
  return rowCount === 1;
}
