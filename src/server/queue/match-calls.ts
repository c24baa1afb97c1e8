import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from './call-change.ts';

/** Calls held out by one statement. */
const BATCH = 64;

/**
 * Holds out queued calls to free agents, in the order of DESIGN 2 (the function match_calls has the
 * how), as many as fit in one go. Answers with how many; 0 means that nothing fits any more.
 */
export async function matchCalls(db: Database): Promise<number> {
  const { rows } = await db.query<CallChange>(
    `select call as call_id, agent as agent_id, site as site_id, skill as group_id, null::int as room
       from match_calls($1)`,
    [BATCH],
  );
  notifyCalls(db, rows);
  return rows.length;
}
