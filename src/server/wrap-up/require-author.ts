import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

export interface Author {
  readonly siteId: string;
  /** The leg whose disposition the author sets: their own; a supervisor's without one is the owner's. */
  readonly legId: string;
}

const READ = `
select c.site_id as "siteId", coalesce(own.id, c.owner_leg_id) as "legId"
  from calls c
  join agents a on a.id = $2 and a.site_id = c.site_id
  left join lateral (
    select l.id from legs l
     where l.call_id = c.id and l.agent_id = a.id and l.joined_at is not null and l.kind <> 'monitor'
     order by l.joined_at desc, l.id limit 1) own on true
 where c.id = $1
   and (own.id is not null
        or (c.state = 'ended' and c.owner_leg_id is not null and a.role = 'supervisor' and exists (
              select from memberships m where m.agent_id = a.id and m.group_id = c.group_id)))
   for no key update of c`;

/**
 * Locks the call, so that its notes and tags are written one after another. Rejects with `forbidden` for an agent who
 * was not in the call, unless it has ended and is one of a group that the agent supervises.
 */
export async function requireAuthor(
  tx: Queryable,
  { callId, agentId }: { readonly callId: string; readonly agentId: string },
): Promise<Author> {
  const { rows } = await tx.query<Author>(READ, [callId, agentId]);
  if (!rows[0]) throw new RtcDeskError('forbidden', 'This call is not yours.');
  return rows[0];
}
