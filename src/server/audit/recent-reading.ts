import type { Queryable } from '../database/database.ts';
import type { AuditActor } from './audit-entry.ts';

const FIND = `
select from audit
 where at > now() - interval '10 minutes' and site_id = $1 and type = $7 and subject = $2 and after = $3
   and actor = $4 and agent_id is not distinct from $5 and actor_name is not distinct from $6
 limit 1`;

/** Whether the security log has told within ten minutes that this person reads this: a further page is no new reading. */
export async function isReading(
  db: Queryable,
  site: string,
  actor: AuditActor,
  { subject, after }: { readonly subject: string; readonly after: object },
  type: 'record-read' | 'recording-read' = 'record-read',
): Promise<boolean> {
  const { rowCount } = await db.query(FIND, [
    site,
    subject,
    JSON.stringify(after),
    actor.kind,
    actor.kind === 'agent' ? actor.agentId : null,
    'name' in actor ? actor.name : null,
    type,
  ]);
  return rowCount > 0;
}
