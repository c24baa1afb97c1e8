import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { groupsOf, notifyAgents } from '../calls/call-change.ts';

interface Opening {
  /** The connection's id, a UUID made by the node. */
  readonly id: string;
  readonly nodeId: string;
  readonly siteId: string;
}

export type ConnectionOpening =
  | (Opening & {
      readonly role: 'visitor';
      readonly callId?: string | null | undefined;
      /** A join that goes on over a reconnect. */
      readonly participantId?: string | null | undefined;
    })
  | (Opening & { readonly role: 'agent'; readonly agentId: string })
  | (Opening & {
      readonly role: 'guest';
      /** The room that they came for. */
      readonly room: number;
      readonly participantId?: string | null | undefined;
    });

const OPEN = `
with made as (
  insert into connections (id, node_id, role, site_id, agent_id, call_id, room, in_charge)
  select $1, $2, $3, $4, a.id, $6::uuid, $8,
         a.id is not null and not exists (select from connections o where o.agent_id = a.id and o.in_charge)
    from (select) one left join agents a on a.id = $5
  returning id, call_id),
back as (
  update participants p set connection_id = m.id from made m where p.id = $7 and p.left_at is null),
caller as (
  update calls c set visitor_gone_at = null from made m
   where c.id = m.call_id and c.visitor_gone_at is not null),
agent as (
  update agents a set gone_at = null, charge_lost_at = null from made m
   where a.id = $5 and (a.gone_at is not null or a.charge_lost_at is not null))
select c.agent_id, c.room, case when $5::uuid is not null then ${groupsOf('$5::uuid')} end as groups
  from made m left join calls c on c.id = m.call_id`;

interface Row {
  readonly agent_id: string | null;
  readonly room: number | null;
  readonly groups: readonly string[] | null;
}

/**
 * Somebody's socket lives on this node: presence. The first tab of an agent is in charge; a further
 * one is, where nobody is any more. Rejects with `server-error` where the node was declared dead.
 */
export async function openConnection(db: Database, opening: ConnectionOpening): Promise<void> {
  const agentId = opening.role === 'agent' ? opening.agentId : null;
  const callId = opening.role === 'visitor' ? (opening.callId ?? null) : null;
  const values = [
    opening.id,
    opening.nodeId,
    opening.role,
    opening.siteId,
    agentId,
    callId,
    opening.role === 'agent' ? null : (opening.participantId ?? null),
    opening.role === 'guest' ? opening.room : null,
  ];
  const row = await insert(db, values);
  if (callId) db.wake.notify(`call:${callId}`);
  if (row?.agent_id) db.wake.notify(`agent:${row.agent_id}`);
  if (row?.room) db.wake.notify(`room:${row.room}`);
  if (agentId) notifyAgents(db, [{ agent_id: agentId, groups: row?.groups ?? null }]);
}

async function insert(db: Database, values: readonly unknown[]): Promise<Row | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await db.query<Row>(OPEN, values)).rows[0];
    } catch (error) {
      const { code, constraint } = error as { code?: string; constraint?: string };
      // Two first tabs in one moment: the second time this one sees the other in charge.
      if (code === '23P01' && tries < 5) continue;
      if (code === '23503' && constraint === 'connections_node_id_fkey') {
        throw new RtcDeskError('server-error', 'This node was declared dead.', { cause: error });
      }
      throw error;
    }
  }
}
