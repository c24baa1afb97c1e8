import { randomBytes } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentRole } from '../../protocol/views.ts';
import type { AuditType } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { verifyPassword } from './password.ts';
import { passwordThreads } from './password-threads.ts';
import type { RequestOrigin } from './request-origin.ts';
import { sessionHash } from './session-hash.ts';
import { countSignIn, forgetFailures } from './sign-in-limit.ts';
import { spendCode } from './spend-code.ts';

export interface AgentSession {
  /** 32 random bytes, base64url. The database stores their hash. */
  readonly token: string;
  /** Ms since 1970 by the database's clock. */
  readonly expiresAt: number;
  readonly agent: {
    readonly id: string;
    readonly site: string;
    readonly username: string;
    readonly name: string;
    readonly role: AgentRole;
  };
}

export interface AgentCredentials {
  readonly site: string;
  readonly username: string;
  readonly password: string;
  /** Of the authenticator app, for an agent who has one; or a recovery code. */
  readonly code?: string | undefined;
}

export interface SignInContext {
  readonly database: Database;
  /** The server's signing key. */
  readonly key: Uint8Array;
  /** Gets the rows of the security log after their commit. */
  audited(receipt: AuditReceipt): void;
  /** Roles that may sign in here. Default: all. */
  readonly roles?: readonly AgentRole[];
}

/** A working day. The socket closes with it; the agent signs in again. */
const SESSION_HOURS = 12;

interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly role: AgentRole;
  readonly password_hash: string | null;
  readonly demo_password: boolean;
  readonly second_factor: Buffer | null;
}

const READ = `
select id, name, role, password_hash, demo_password, second_factor from agents
 where site_id = $1 and username = $2 and disabled_at is null`;

/** Locks the agent, so that a change of the password or a disabling either comes before, or ends this session. */
const LOCK = `
select from agents where id = $1 and password_hash = $2 and disabled_at is null for update`;

const STORE = `
insert into agent_sessions (token_hash, agent_id, expires_at)
values ($1, $2, now() + make_interval(hours => $3)) returning expires_at`;

/**
 * Signs an agent of the site in. Rejects with `unauthorized`, with the same answer for a wrong username, a wrong
 * password, a wrong code and a disabled agent; with `second-factor-needed` after the right password; with
 * `rate-limited`; and with `forbidden` for the demo's password from another machine, and for a role that may not.
 */
export async function createAgentSession(
  { database, key, audited, roles }: SignInContext,
  { site, username, password, code }: AgentCredentials,
  from: RequestOrigin,
): Promise<AgentSession> {
  // Before the attempt is counted: who finds no place has not tried.
  passwordThreads.requirePlace();
  await countSignIn(database, site, username);
  const { rows } = await database.query<AgentRow>(READ, [site, username]);
  const agent = rows[0];
  const fail = async (): Promise<never> => {
    const receipt = await auditFailure(database, site, agent?.id, from);
    if (receipt) audited(receipt);
    throw new RtcDeskError('unauthorized', 'The username or the password is wrong.');
  };
  if (agent?.demo_password && !from.isLocal) {
    throw new RtcDeskError('forbidden', 'The demo’s passwords work on the server’s machine only.');
  }
  const right = await verifyPassword(password, agent?.password_hash ?? null);
  if (!right || !agent) return fail();
  if (roles && !roles.includes(agent.role)) {
    throw new RtcDeskError('forbidden', 'Agents of this role do not sign in here.');
  }
  const { id, name, role, second_factor: secondFactor } = agent;
  if (secondFactor && code === undefined) {
    throw new RtcDeskError('second-factor-needed', 'The code of the authenticator app is needed.');
  }
  const token = randomBytes(32).toString('base64url');
  const stored = await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(LOCK, [id, agent.password_hash]);
    if (rowCount === 0) return null;
    const spent = secondFactor
      ? await spendCode(tx, key, { id, site, secondFactor }, code ?? '', from)
      : [];
    if (!spent) return null;
    await forgetFailures(tx, site, username);
    const made = await tx.query<{ expires_at: Date }>(STORE, [
      sessionHash(token),
      id,
      SESSION_HOURS,
    ]);
    const receipts = [...spent, await auditAgent(tx, 'signed-in', { id, site }, from)];
    return { expiresAt: made.rows[0]?.expires_at.getTime() ?? 0, receipts };
  });
  if (!stored) return fail();
  stored.receipts.forEach(audited);
  return { token, expiresAt: stored.expiresAt, agent: { id, site, username, name, role } };
}

/** Ends a session. Null if there was none. */
export async function endAgentSession(
  db: Database,
  token: string,
  from: RequestOrigin,
): Promise<AuditReceipt | null> {
  const ended = await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string; site: string }>(
      `delete from agent_sessions s using agents a where s.token_hash = $1 and a.id = s.agent_id
       returning a.id, a.site_id as site`,
      [sessionHash(token)],
    );
    const [agent] = rows;
    if (!agent) return null;
    return { agent, receipt: await auditAgent(tx, 'signed-out', agent, from) };
  });
  if (!ended) return null;
  db.wake.notify(`sessions:${ended.agent.id}`);
  return ended.receipt;
}

/** Null for an unknown site: nobody's log tells of it. */
async function auditFailure(
  db: Queryable,
  site: string,
  agentId: string | undefined,
  from: RequestOrigin,
): Promise<AuditReceipt | null> {
  const { rowCount } = await db.query('select from sites where id = $1', [site]);
  if (rowCount === 0) return null;
  return writeAudit(db, {
    site,
    type: 'sign-in-failed',
    actor: { kind: 'unknown' },
    address: from.address,
    ...(agentId !== undefined && { subject: `agent:${agentId}` }),
  });
}

function auditAgent(
  tx: Queryable,
  type: AuditType,
  { id, site }: { readonly id: string; readonly site: string },
  { address }: RequestOrigin,
): Promise<AuditReceipt> {
  return writeAudit(tx, { site, type, actor: { kind: 'agent', agentId: id }, address });
}
