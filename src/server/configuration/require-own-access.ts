import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

const IS_OWNER = `
select from agents where id = $1 and role = 'owner' and disabled_at is null and password_hash is not null`;

/** An owner does not lock themselves out. Rejects with `conflict`. `agentId`: null for the site's backend. */
export async function requireOwnAccess(tx: Queryable, agentId: string | null): Promise<void> {
  if (agentId === null || (await tx.query(IS_OWNER, [agentId])).rowCount > 0) return;
  throw new RtcDeskError('conflict', 'With this configuration you would not be an owner any more.');
}
