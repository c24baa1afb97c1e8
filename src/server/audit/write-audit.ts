import type { Queryable } from '../database/database.ts';
import type { AuditEntry, AuditType } from './audit-entry.ts';

/** A row as the process's log tells of it: no person, no address, no value. */
export interface AuditReceipt {
  readonly site: string;
  readonly type: AuditType;
  readonly sequence: number;
  /** Hex. A copy of it outside of the database shows if somebody has replaced the whole chain. */
  readonly hash: string;
}

const WRITE = `
insert into audit (site_id, type, actor, agent_id, actor_name, address, subject, before, after)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning sequence::int, encode(hash, 'hex') as hash`;

/**
 * Writes one row in the transaction of what it tells. Call it last: until the commit, other writers of the same site
 * wait. After the commit the caller hands the receipt to `logAudit`.
 */
export async function writeAudit(tx: Queryable, entry: AuditEntry): Promise<AuditReceipt> {
  const { site, type, actor, address, subject = null, before, after } = entry;
  const { rows } = await tx.query<{ sequence: number; hash: string }>(WRITE, [
    site,
    type,
    actor.kind,
    actor.kind === 'agent' ? actor.agentId : null,
    'name' in actor ? actor.name : null,
    address,
    subject,
    before === undefined ? null : JSON.stringify(before),
    after === undefined ? null : JSON.stringify(after),
  ]);
  const [row] = rows;
  if (!row) throw new Error('The audit row was not stored.');
  return { site, type, ...row };
}
