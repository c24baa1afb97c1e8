import type { Database } from '../database/database.ts';
import {
  groupsOf,
  notifyAgents,
  notifyCalls,
  type AgentChange,
  type CallChange,
} from '../calls/call-change.ts';

const VISITORS = `
update calls c set visitor_gone_at = case when seen.here then null else now() end
  from (select l.id, exists (select from connections x where x.call_id = l.id) as here
          from calls l where l.ended_reason is null) seen
 where c.id = seen.id and c.ended_at is null and (c.visitor_gone_at is null) <> seen.here
returning c.id as call_id, c.site_id, c.group_id, c.agent_id, c.room`;

const AGENTS = `
update agents a set gone_at = case when seen.here then null else now() end
  from (select l.id, exists (select from connections x where x.agent_id = l.id) as here from agents l) seen
 where a.id = seen.id and (a.gone_at is null) <> seen.here
returning a.id as agent_id, ${groupsOf('a.id')} as groups`;

/**
 * Sets right since when somebody is gone: after a node's death, and where two last sockets that closed
 * in one moment did not see each other go. The grace begins now, when it is known: the time before may
 * have been our own, with no server to come back to.
 */
export async function sweepPresence(db: Database): Promise<void> {
  notifyCalls(db, (await db.query<CallChange>(VISITORS, [])).rows);
  notifyAgents(db, (await db.query<AgentChange>(AGENTS, [])).rows);
}
