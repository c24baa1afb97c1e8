import type { AuditActor } from '../audit/audit-entry.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentRole } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { SESSION_TOKEN } from './session-hash.ts';
import { verifyAgentToken } from './verify-agent-token.ts';
import { verifyApiToken } from './verify-api-token.ts';

/** Who acts with the rights of a site's owner. */
export interface OwnerIdentity {
  readonly siteId: string;
  /** For the security log. */
  readonly actor: AuditActor;
  /** For records that are handed out, for example `owner olivia`. */
  readonly name: string;
}

/**
 * The owner of a session token, or the backend of a site by its API token. Rejects with `unauthorized`, and with
 * `forbidden` for an agent who is no owner.
 */
export async function verifyOwner(
  db: Queryable,
  key: Uint8Array,
  token: string,
): Promise<OwnerIdentity> {
  if (!SESSION_TOKEN.test(token)) {
    const { siteId, subject } = await verifyApiToken(db, key, token);
    return { siteId, actor: { kind: 'backend', name: subject }, name: `backend ${subject}` };
  }
  const { agentId, siteId } = await verifyAgentToken(db, key, token);
  const { rows } = await db.query<{ username: string; role: AgentRole }>(
    'select username, role from agents where id = $1',
    [agentId],
  );
  if (rows[0]?.role !== 'owner') {
    throw new RtcDeskError('forbidden', 'Only the owner of the site may do that.');
  }
  return { siteId, actor: { kind: 'agent', agentId }, name: `owner ${rows[0].username}` };
}
