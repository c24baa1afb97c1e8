import { RtcDeskError } from '../../protocol/errors.ts';
import { notifyEnded, writeEnds, type EndedCall } from '../calls/end-calls.ts';
import type { Database, Queryable } from '../database/database.ts';
import { leaveFollowUp } from '../follow-ups/leave-follow-up.ts';

export interface CallGivenUp {
  readonly room: number;
  /** The agent who gives it up; null: the visitor. */
  readonly agentId: string | null;
}

// A call made for a callback has reached its visitor by then, so that the new callback is the only one that is open.
const LOG = `
with target as materialized (
  select c.id from calls c
   where c.room = $1 and c.state = 'connected' and ($2::uuid is null or exists (
     select from legs l where l.call_id = c.id and l.agent_id = $2 and l.state = 'joined' and l.kind <> 'monitor'))
     for update of c),
counted as (
  update calls c set event_count = c.event_count + 1 from target t where c.id = t.id
  returning c.id, c.event_count, c.owner_leg_id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select c.id, c.event_count, 'callback-requested', $3, c.owner_leg_id, $2::uuid, '{}' from counted c)
select id from counted`;

/**
 * Ends a connected call whose media do not work, and calls the visitor back. The callback has the place of the first
 * press, as every other. Rejects with `conflict` if the call is not connected, is not this agent's, or another agent
 * talks in it.
 */
export async function endWithCallback(db: Database, call: CallGivenUp): Promise<void> {
  notifyEnded(db, await db.transaction((tx) => write(tx, call)));
}

async function write(tx: Queryable, { room, agentId }: CallGivenUp): Promise<EndedCall[]> {
  const actor = agentId === null ? 'visitor' : 'agent';
  const { rows } = await tx.query<{ id: string }>(LOG, [room, agentId, actor]);
  const callId = rows[0]?.id;
  if (callId === undefined) throw new RtcDeskError('conflict', 'The call is not connected.');
  const kept = { kind: 'callback', group: null, contact: '', text: '' } as const;
  await leaveFollowUp(tx, { callId, ...kept });
  const end = { callId, epoch: null, agentId, actor } as const;
  const ended = await writeEnds(tx, [{ ...end, reason: 'callback-requested' }]);
  if (ended.length === 0) throw new RtcDeskError('conflict', 'Another agent talks in this call.');
  return ended;
}
