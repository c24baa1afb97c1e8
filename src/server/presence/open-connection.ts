import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { notifyPresence, type PresenceChange } from './presence-change.ts';

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
      /** A participant that goes on over a reconnect. */
      readonly participantId?: string | null | undefined;
    })
  | (Opening & { readonly role: 'agent'; readonly agentId: string })
  | (Opening & {
      readonly role: 'guest';
      /** The room that the guest came for. */
      readonly room: number;
      readonly participantId?: string | null | undefined;
    });

const MAX_TRIES = 5;

const OPEN = `
with opened as (
  insert into connections (id, node_id, role, site_id, agent_id, call_id, room, active_tab)
  values ($1, $2, $3, $4, $5, $6, $7,
          $5::uuid is not null
          and not exists (select from connections x where x.agent_id = $5 and x.active_tab))
  returning id),
participant as (
  update participants p set connection_id = o.id from opened o
   where p.id = $8 and p.left_at is null
  returning p.room),
visitor as (
  update calls c set visitor_gone_at = null from opened
   where c.id = $6 and c.visitor_gone_at is not null),
agent as (
  update agents a set gone_at = null, active_tab_lost_at = null from opened
   where a.id = $5 and (a.gone_at is not null or a.active_tab_lost_at is not null))
select $4::text as site_id, $5::uuid as agent_id, $6::uuid as call_id,
       array(select m.group_id from memberships m where m.agent_id = $5) as group_ids,
       array(select l.agent_id from legs l
              where l.call_id = $6 and l.state in ('offered', 'accepted', 'joined')) as call_agent_ids,
       array(select p.room from participant p) as rooms
  from opened`;

/**
 * Presence begins: somebody's socket lives on this node. An agent's tab becomes the active one if
 * none is. Rejects with `server-error` if the node has been declared dead.
 */
export async function openConnection(db: Database, opening: ConnectionOpening): Promise<void> {
  const { id, nodeId, role, siteId } = opening;
  const change = await insert(db, [
    id,
    nodeId,
    role,
    siteId,
    role === 'agent' ? opening.agentId : null,
    role === 'visitor' ? (opening.callId ?? null) : null,
    role === 'guest' ? opening.room : null,
    role === 'agent' ? null : (opening.participantId ?? null),
  ]);
  if (change) notifyPresence(db, [change]);
}

async function insert(
  db: Database,
  values: readonly unknown[],
): Promise<PresenceChange | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await db.query<PresenceChange>(OPEN, values)).rows[0];
    } catch (error) {
      const { code, constraint } = error as { code?: string; constraint?: string };
      // Two first tabs opened in one moment. The next try sees that the other one is active.
      if (code === '23P01' && tries < MAX_TRIES) continue;
      if (code === '23503' && constraint === 'connections_node_id_fkey') {
        throw new RtcDeskError('server-error', 'This node was declared dead.', { cause: error });
      }
      throw error;
    }
  }
}
