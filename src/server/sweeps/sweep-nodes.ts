import type { Database } from '../database/database.ts';
import { SERVED_TILL_NOW } from '../presence/record-uptime.ts';
import { timeouts } from '../settings/timeouts.ts';

const REAP = `
with dead as (
  delete from nodes n
   where (n.heartbeat_at < now() - make_interval(secs => ${timeouts.node}) and ${SERVED_TILL_NOW})
      or n.id <> $1::uuid
  returning n.id)
select x.agent_id, x.call_id, coalesce(x.room, v.room, l.room) as room
  from connections x join dead d on d.id = x.node_id
  left join calls v on v.id = x.call_id
  left join calls l on l.agent_id = x.agent_id and l.ended_at is null`;

interface Row {
  readonly agent_id: string | null;
  readonly call_id: string | null;
  readonly room: number | null;
}

/** Declares silent nodes dead; their connections go with them. Answers with the agents who were there. */
export async function sweepNodes(db: Database, alone: string | null): Promise<string[]> {
  const { rows } = await db.query<Row>(REAP, [alone]);
  const agents = new Set<string>();
  for (const { agent_id, call_id, room } of rows) {
    if (agent_id) {
      agents.add(agent_id);
      db.wake.notify(`agent:${agent_id}`);
    }
    if (call_id) db.wake.notify(`call:${call_id}`);
    if (room) db.wake.notify(`room:${room}`);
  }
  return [...agents];
}
