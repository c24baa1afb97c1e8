import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

// Agents with tabs, none of which is active. During a call a reload of the active tab has some seconds to come
// back. After that, and at once without a call, the newest tab becomes active.
const ACTIVATE = `
with tabless as materialized (
  select a.id, a.active_tab_lost_at,
         exists (select from legs l where l.agent_id = a.id and l.state in ('accepted', 'joined'))
         and (a.active_tab_lost_at is null
              or a.active_tab_lost_at > now() - make_interval(secs => ${timeouts.activeTabGrace})) as waits
    from agents a
   where a.id in (select x.agent_id from connections x where x.agent_id is not null
                   group by x.agent_id having not bool_or(x.active_tab))),
changed as (
  update agents a set active_tab_lost_at = case when t.waits then now() end
    from tabless t where a.id = t.id and t.waits = (t.active_tab_lost_at is null))
update connections x set active_tab = true from tabless t
 where not t.waits
   and x.id = (select y.id from connections y where y.agent_id = t.id order by y.connected_at desc, y.id limit 1)
returning x.agent_id`;

/** Gives agents without an active tab one. */
export async function sweepActiveTabs(db: Database): Promise<void> {
  try {
    const { rows } = await db.query<{ agent_id: string }>(ACTIVATE, []);
    for (const { agent_id } of rows) db.wake.notify(`agent:${agent_id}`);
  } catch (error) {
    // A tab became active in the same moment, and nothing was changed here. The next sweep sees it.
    if ((error as { code?: string }).code !== '23P01') throw error;
  }
}
