import type { Database } from '../database/database.ts';
import { groupsOf, notifyAgents, type AgentChange } from '../calls/call-change.ts';
import { timeouts } from '../settings/timeouts.ts';

const WRAP_UPS = `
update agents a set wrap_up_call = null, wrap_up_until = null, idle_since = now()
 where a.wrap_up_until <= now()
returning a.id as agent_id, ${groupsOf('a.id')} as groups`;

/** Agents with tabs, and none of them in charge; `live`: with a call that a reload must get back. */
const ORPHANED = `
  select a.id, a.charge_lost_at, exists (
           select from calls c where c.agent_id = a.id and c.ended_at is null and c.state in ('accepted', 'ready', 'connected')) as live
    from agents a
   where exists (select from connections x where x.agent_id = a.id)
     and not exists (select from connections x where x.agent_id = a.id and x.in_charge)`;

const MARK = `
update agents a set charge_lost_at = now() from (${ORPHANED}) o
 where a.id = o.id and o.live and a.charge_lost_at is null`;

const HAND_OVER = `
with orphaned as materialized (
  select o.id from (${ORPHANED}) o
   where not o.live or o.charge_lost_at <= now() - make_interval(secs => ${timeouts.charge})),
settled as (update agents a set charge_lost_at = null from orphaned o where a.id = o.id)
update connections x set in_charge = true from orphaned o
 where x.id = (select y.id from connections y where y.agent_id = o.id
                order by y.connected_at desc, y.id limit 1)
returning x.agent_id`;

/** Wrap-ups whose time is over. */
export async function sweepWrapUps(db: Database): Promise<void> {
  notifyAgents(db, (await db.query<AgentChange>(WRAP_UPS, [])).rows);
}

/** Charge that nobody came back for goes to the newest tab. */
export async function sweepCharge(db: Database): Promise<void> {
  await db.query(MARK, []);
  try {
    const { rows } = await db.query<{ agent_id: string }>(HAND_OVER, []);
    for (const { agent_id } of rows) db.wake.notify(`agent:${agent_id}`);
  } catch (error) {
    // A tab took charge in the same moment, and nothing was changed here: the next sweep sees it.
    if ((error as { code?: string }).code !== '23P01') throw error;
  }
}
