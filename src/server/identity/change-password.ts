import { RtcDeskError } from '../../protocol/errors.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';
import type { SessionAgent } from './find-session-agent.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { requireGoodPassword } from './password-rules.ts';
import { passwordThreads } from './password-threads.ts';
import type { RequestOrigin } from './request-origin.ts';
import { countSignIn, forgetFailures } from './sign-in-limit.ts';

const CHANGE = `
update agents set password_hash = $3, demo_password = false
 where id = $1 and password_hash = $2 and disabled_at is null`;

/**
 * The agent chooses another password. The agent's other sessions end. Rejects with `unauthorized` for a wrong
 * password, with `password-refused` for a new one that is too short or too common, and with `rate-limited`.
 */
export async function changePassword(
  database: Database,
  agent: SessionAgent,
  { current, wanted }: { readonly current: string; readonly wanted: string },
  { address }: RequestOrigin,
): Promise<AuditReceipt> {
  const { id, site, username, passwordHash, session } = agent;
  requireGoodPassword(wanted);
  passwordThreads.requirePlace();
  await countSignIn(database, site, username);
  const wrong = new RtcDeskError('unauthorized', 'The password is wrong.');
  if (!(await verifyPassword(current, passwordHash))) throw wrong;
  const newHash = await hashPassword(wanted);
  const receipt = await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(CHANGE, [id, passwordHash, newHash]);
    if (rowCount === 0) throw wrong;
    await tx.query('delete from agent_sessions where agent_id = $1 and token_hash <> $2', [
      id,
      session,
    ]);
    await forgetFailures(tx, site, username);
    const actor = { kind: 'agent', agentId: id } as const;
    return writeAudit(tx, { site, type: 'password-changed', actor, address });
  });
  database.wake.notify(`sessions:${id}`);
  return receipt;
}
