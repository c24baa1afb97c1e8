import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

interface OwnLeg {
  readonly callId: string;
  readonly state:
    'offered' | 'accepted' | 'joined' | 'left' | 'closed' | 'declined' | 'missed' | 'withdrawn';
  /** The call's room, while the agent is in the call. */
  readonly room: number | null;
}

/** Rejects with `forbidden` if this leg is not this agent's. */
export async function requireOwnLeg(
  db: Queryable,
  { legId, agentId }: { readonly legId: string; readonly agentId: string },
): Promise<OwnLeg> {
  const { rows } = await db.query<OwnLeg>(
    `select l.call_id as "callId", l.state, case when l.state in ('accepted', 'joined') then c.room end as room
       from legs l join calls c on c.id = l.call_id
      where l.id = $1 and l.agent_id = $2`,
    [legId, agentId],
  );
  if (!rows[0]) throw new RtcDeskError('forbidden', 'This leg is not yours.');
  return rows[0];
}

/** Whether this agent was in this call, and the call has ended. */
export async function isEndedCallOfAgent(
  db: Queryable,
  { callId, agentId }: { readonly callId: string; readonly agentId: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from calls c
      where c.id = $1 and c.state = 'ended'
        and exists (select from legs l where l.call_id = c.id and l.agent_id = $2 and l.accepted_at is not null)`,
    [callId, agentId],
  );
  return rowCount > 0;
}
