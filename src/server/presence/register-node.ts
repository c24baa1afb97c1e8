import type { Database } from '../database/database.ts';

/** A node lives from now on, as long as it beats; connections can be opened on it. */
export async function registerNode(db: Database, nodeId: string): Promise<void> {
  await db.query(
    `insert into nodes (id) values ($1)
     on conflict (id) do update set heartbeat_at = clock_timestamp()`,
    [nodeId],
  );
}
