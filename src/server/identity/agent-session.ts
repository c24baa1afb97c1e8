import { randomBytes } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentRole } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { verifyPassword } from './password.ts';
import { sessionHash } from './session-hash.ts';

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

/** A working day. A call under way goes on after it; only a new socket needs a new session. */
const SESSION_HOURS = 12;

interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly role: AgentRole;
  readonly password_hash: string | null;
}

/**
 * Signs an agent of the site in. Rejects with `unauthorized`. The answer is the same for a wrong username, a wrong
 * password and a disabled agent.
 */
export async function createAgentSession(
  db: Queryable,
  credentials: { readonly site: string; readonly username: string; readonly password: string },
): Promise<AgentSession> {
  const { site, username, password } = credentials;
  const { rows } = await db.query<AgentRow>(
    `select id, name, role, password_hash from agents
      where site_id = $1 and username = $2 and disabled_at is null`,
    [site, username],
  );
  const agent = rows[0];
  if (!(await verifyPassword(password, agent?.password_hash ?? null)) || !agent) {
    throw new RtcDeskError('unauthorized', 'The username or the password is wrong.');
  }
  const token = randomBytes(32).toString('base64url');
  const made = await db.query<{ expires_at: Date }>(
    `with expired as (delete from agent_sessions where expires_at <= now())
     insert into agent_sessions (token_hash, agent_id, expires_at)
     values ($1, $2, now() + make_interval(hours => $3)) returning expires_at`,
    [sessionHash(token), agent.id, SESSION_HOURS],
  );
  const expiresAt = made.rows[0]?.expires_at.getTime();
  if (expiresAt === undefined) throw new Error('The session was not stored.');
  const { id, name, role } = agent;
  return { token, expiresAt, agent: { id, site, username, name, role } };
}

/** Ends a session. False if there was none. */
export async function endAgentSession(db: Queryable, token: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from agent_sessions where token_hash = $1', [
    sessionHash(token),
  ]);
  return rowCount > 0;
}
