import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChosenStatus } from '../../protocol/views.ts';
import { notifyAgents, type AgentChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { isStorableText } from '../database/storable-text.ts';
import { withdrawOffer } from './withdraw-offer.ts';

export interface StatusChange {
  readonly agentId: string;
  readonly status: ChosenStatus;
  /** The agent's own words for it; null or blank: none. */
  readonly reason?: string | null | undefined;
  /**
   * The tab that says so. It has to be known still: what a tab said to a node that was stopped long ago, and
   * goes on now, is no choice any more. Null: no tab is asked for.
   */
  readonly connectionId?: string | null | undefined;
}

const SET = `
update agents a
   set status = $2, status_reason = $3,
       missed_in_row = case when $2 = 'available' then 0 else a.missed_in_row end,
       status_since = case when a.status = $2 then a.status_since else now() end,
       idle_since = case when $2 = 'available' and a.status <> $2 then now() else a.idle_since end
 where a.id = $1
   and ($4::uuid is null or exists (select from connections x where x.id = $4 and x.agent_id = $1))
returning a.id as agent_id, a.site_id,
          array(select m.group_id from memberships m where m.agent_id = a.id) as group_ids`;

/**
 * What the agent chose. An agent who is not `available` loses the offer that rings: the call goes to somebody
 * else. These are two commits; if the server dies in between, the sweep withdraws the offer. Rejects with `conflict`
 * if the tab is gone, and with `bad-message` for a reason that is no text.
 */
export async function setStatus(
  db: Database,
  { agentId, status, reason = null, connectionId = null }: StatusChange,
): Promise<void> {
  const words = reason?.trim() || null;
  if (words !== null && !isStorableText(words)) {
    throw new RtcDeskError('bad-message', 'The reason is no text.');
  }
  const { rows } = await db.query<AgentChange>(SET, [agentId, status, words, connectionId]);
  if (rows.length === 0) throw new RtcDeskError('conflict', 'This connection is no longer known.');
  if (status !== 'available') await withdrawOffer(db, agentId);
  notifyAgents(db, rows);
}
