import type { PasswordLinkAgent } from '../../protocol/rest/console-session.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';
import { clearSecondFactor } from './enrol-second-factor.ts';
import { hashOneTimeCode, makeOneTimeCode } from './one-time-code.ts';
import { hashPassword } from './password.ts';
import { requireGoodPassword } from './password-rules.ts';

const LINK_HOURS = 72;

const STORE = `
insert into password_links (agent_id, code_hash, expires_at)
values ($1, $2, now() + make_interval(hours => $3))
on conflict (agent_id) do update set code_hash = excluded.code_hash, expires_at = excluded.expires_at
returning ${ms('expires_at')} as "expiresAt"`;

/** A link's code for the agent. The agent's earlier link is void. */
export async function writePasswordLink(
  tx: Queryable,
  agentId: string,
): Promise<{ readonly code: string; readonly expiresAt: number }> {
  const { code, hash } = makeOneTimeCode();
  const { rows } = await tx.query<{ expiresAt: number }>(STORE, [agentId, hash, LINK_HOURS]);
  return { code, expiresAt: rows[0]?.expiresAt ?? 0 };
}

const CLEAR = `
update agents set password_hash = null, file_password_hash = null, demo_password = false where id = $1`;

/** Takes the agent's password away, and ends the sessions. After the commit `sessions:<agent>` has to be notified. */
export async function clearPassword(
  tx: Queryable,
  agentId: string,
  removeSecondFactor: boolean,
): Promise<void> {
  await tx.query(CLEAR, [agentId]);
  if (removeSecondFactor) await clearSecondFactor(tx, agentId);
  await tx.query('delete from agent_sessions where agent_id = $1', [agentId]);
}

const READ = `
select a.id, a.site_id as site, s.name as "siteName", a.username, a.name, a.role,
       ${ms('l.expires_at')} as "expiresAt"
  from password_links l join agents a on a.id = l.agent_id join sites s on s.id = a.site_id
 where l.code_hash = $1 and l.expires_at > now() and a.disabled_at is null`;

/** Whom a link is for. Rejects with `link-expired`. */
export async function readPasswordLink(db: Queryable, code: string): Promise<PasswordLinkAgent> {
  return (await findLink(db, code)).agent;
}

async function findLink(
  db: Queryable,
  code: string,
): Promise<{ readonly id: string; readonly agent: PasswordLinkAgent }> {
  const hash = hashOneTimeCode(code);
  const { rows } = await db.query<PasswordLinkAgent & { id: string }>(READ, [hash]);
  if (!rows[0]) throw new RestError('link-expired', 'The link was used or has expired.');
  const { id, ...agent } = rows[0];
  return { id, agent };
}

/** Gives the link's agent the password, once. Rejects with `link-expired`, `password-refused`. */
export async function choosePassword(
  database: Database,
  { code, password }: { readonly code: string; readonly password: string },
  address: string | null,
): Promise<{ readonly agent: PasswordLinkAgent; readonly receipt: AuditReceipt }> {
  // Before the slow hash, so that a wrong link costs nothing.
  await findLink(database, code);
  requireGoodPassword(password);
  const hash = await hashPassword(password);
  return database.transaction(async (tx) => {
    const { id, agent } = await findLink(tx, code);
    const used = await tx.query(
      'delete from password_links where agent_id = $1 and code_hash = $2',
      [id, hashOneTimeCode(code)],
    );
    if (used.rowCount === 0) throw new RestError('link-expired', 'The link was used already.');
    await tx.query('update agents set password_hash = $2, demo_password = false where id = $1', [
      id,
      hash,
    ]);
    const receipt = await writeAudit(tx, {
      site: agent.site,
      type: 'password-changed',
      actor: { kind: 'agent', agentId: id },
      address,
      subject: `agent:${id}`,
    });
    return { agent, receipt };
  });
}
