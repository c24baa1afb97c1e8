import { randomBytes } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { verifyPassword } from './password.ts';
import { sessionHash } from './session-hash.ts';

export interface AgentSession {
  /** 32 random bytes, base64url; stored hashed. */
  readonly token: string;
  /** Ms since 1970 by the database's clock. */
  readonly expiresAt: number;
  readonly agent: { readonly id: string; readonly username: string; readonly name: string };
}

/** A working day. A call that is under way then goes on; only a new socket needs a new session. */
const HOURS = 12;

/** Signs an agent in. Rejects with `unauthorized`, the same whether name or password was wrong. */
export async function createAgentSession(
  db: Queryable,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<AgentSession> {
  const { rows } = await db.query<{ id: string; name: string; password_hash: string | null }>(
    'select id, name, password_hash from agents where username = $1',
    [username],
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
    [sessionHash(token), agent.id, HOURS],
  );
  const expiresAt = made.rows[0]?.expires_at.getTime();
  if (expiresAt === undefined) throw new Error('The session was not stored.');
  return { token, expiresAt, agent: { id: agent.id, username, name: agent.name } };
}

/** Whether there was such a session. It is gone in either case. */
export async function endAgentSession(db: Queryable, token: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from agent_sessions where token_hash = $1', [
    sessionHash(token),
  ]);
  return rowCount > 0;
}
