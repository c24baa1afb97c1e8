import type { Queryable } from '../database/database.ts';

/** Whether this connection is the tab of its agent that rings and holds the call. */
export async function isActiveTab(db: Queryable, connectionId: string): Promise<boolean> {
  const { rowCount } = await db.query('select from connections where id = $1 and active_tab', [
    connectionId,
  ]);
  return rowCount > 0;
}
