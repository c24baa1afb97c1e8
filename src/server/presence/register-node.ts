import type { Database } from '../database/database.ts';

/** From now on connections can be opened on this node. It lives as long as its heartbeat goes on. */
export async function registerNode(db: Database, nodeId: string): Promise<void> {
  await db.query(
    `insert into nodes (id) values ($1)
     on conflict (id) do update set heartbeat_at = clock_timestamp()`,
    [nodeId],
  );
}
