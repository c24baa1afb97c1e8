import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from './call-change.ts';

/** Calls held out by one statement. */
const BATCH = 64;

// One node at a time: a call that another has in its hands, and puts back, would be passed over for a younger
// one. Who waits sees, afterwards, all that was committed meanwhile, so that nobody has to come again; the lock is
// the first that is taken, and its holder waits for nothing, so that it is no part of a deadlock.
const MATCH = `
with turn as materialized (
  select $1::int as batch, pg_advisory_xact_lock(hashtext('matching'))
   where exists (select from calls where state = 'queued'))
select call as call_id, agent as agent_id, site as site_id, skill as group_id, null::int as room
  from turn cross join lateral match_calls(turn.batch)`;

/**
 * Holds out queued calls to free agents, in the order of DESIGN 2 (the function match_calls has the
 * how), as many as fit in one go. Answers with how many; 0 means that nothing fits any more. A call whose row is
 * being written in this very moment (its visitor comes back, or gives up) is not waited for.
 */
export async function matchCalls(db: Database): Promise<number> {
  const { rows } = await db.query<CallChange>(MATCH, [BATCH]);
  notifyCalls(db, rows);
  return rows.length;
}
