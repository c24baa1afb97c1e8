import {
  notifyAgents,
  notifyCalls,
  type AgentChange,
  type CallChange,
} from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';

// Both statements skip rows that another transaction has locked. The next sweep sees them.
const VISITORS = `
update calls c set visitor_gone_at = case when seen.online then null else now() end
  from (select v.id, exists (select from connections x where x.call_id = v.id) as online
          from calls v
         where v.ended_at is null
           and (v.visitor_gone_at is null) <> exists (select from connections x where x.call_id = v.id)
           for no key update skip locked) seen
 where c.id = seen.id
returning c.id as call_id, c.site_id, c.group_id, c.room,
          array(select l.agent_id from legs l
                 where l.call_id = c.id and l.state in ('offered', 'accepted', 'joined')) as agent_ids`;

const AGENTS = `
update agents a set gone_at = case when seen.online then null else now() end
  from (select g.id, exists (select from connections x where x.agent_id = g.id) as online
          from agents g
         where (g.gone_at is null) <> exists (select from connections x where x.agent_id = g.id)
           for no key update skip locked) seen
 where a.id = seen.id
returning a.id as agent_id, a.site_id,
          array(select m.group_id from memberships m where m.agent_id = a.id) as group_ids`;

/**
 * Corrects since when somebody is gone: after a node's death, and if two last sockets closed in one moment
 * and did not see each other go. The grace begins now. The time before may have been a time without a server.
 */
export async function sweepPresence(db: Database): Promise<void> {
  notifyCalls(db, (await db.query<CallChange>(VISITORS, [])).rows);
  notifyAgents(db, (await db.query<AgentChange>(AGENTS, [])).rows);
}
