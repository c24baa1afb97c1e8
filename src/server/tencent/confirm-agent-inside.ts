import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { entering } from '../rooms/let-in.ts';
import { participantId } from '../rooms/participant-id.ts';

const LET_IN = `
with inside as materialized (
  select p.role, p.agent_id, p.room, r.call_id, $2 as visitor_join from participants p join rooms r on r.number = p.room
   where p.id = $1 and p.role = 'agent' and p.left_at is null and r.closed_at is null
     and p.entered_at is not null and p.seen = 'inside'),
${entering('inside')}
select id as call_id, site_id, group_id, agent_id, room from moved`;

/**
 * Makes the call of a witnessed room `ready` where both the agent's own word and TRTC's have come. To be
 * called after either was written down: of two that come in one moment, the later commit sees both. Answers
 * with whether the call moved.
 */
export async function letVisitorIn(db: Database, agentsJoin: string): Promise<boolean> {
  const { rows } = await db.query<CallChange>(LET_IN, [agentsJoin, participantId()]);
  notifyCalls(db, rows);
  return rows.length > 0;
}
