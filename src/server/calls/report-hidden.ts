import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { notifyCalls, type CallChange } from './call-change.ts';

const REPORT = `
update calls c
   set visitor_hidden = true, enter_by = now() + make_interval(secs => ${timeouts.enterHiddenVisitor})
 where c.id = $1 and c.state = 'ready' and not c.visitor_hidden
returning c.id as call_id, c.site_id, c.group_id, null::int as room,
          array(select l.agent_id from legs l where l.call_id = c.id and l.state = 'joined') as agent_ids`;

/** The visitor is called back to a hidden page. Once for each time that the call is `ready`. */
export async function reportHidden(db: Database, callId: string): Promise<void> {
  const { rows } = await db.query<CallChange>(REPORT, [callId]);
  notifyCalls(db, rows);
}
