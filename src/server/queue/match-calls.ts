import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';

/** Calls held out by one statement. */
const BATCH = 64;

export interface Matching {
  /** Calls that were held out. */
  readonly matched: number;
  /** Whether another run may hold out more: this one was full, did not look at all, or left an agent room for one more. */
  readonly more: boolean;
}

/**
 * Holds out queued calls to free agents, in the order of DESIGN 2 (the function match_calls has the
 * how), as many as fit in one go. One node at a time: whoever waits sees what the other did. A call whose row is
 * being written in this very moment (its visitor comes back, or gives up) is not waited for.
 */
export async function matchCalls(db: Database): Promise<Matching> {
  const { rows } = await db.query<CallChange & { readonly spare: boolean }>(
    `select call as call_id, agent as agent_id, site as site_id, skill as group_id, null::int as room, spare
       from match_calls($1)`,
    [BATCH],
  );
  notifyCalls(db, rows, { line: true });
  return { matched: rows.length, more: rows.some(({ spare }) => spare) };
}
