import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentRole } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { SESSION_TOKEN, sessionHash } from './session-hash.ts';

/** The agent of a session by password, and the session. */
export interface SessionAgent {
  readonly id: string;
  readonly site: string;
  readonly siteName: string;
  readonly username: string;
  readonly name: string;
  readonly role: AgentRole;
  readonly hasSecondFactor: boolean;
  readonly passwordHash: string;
  readonly session: Buffer;
  /** Ms since 1970. */
  readonly expiresAt: number;
}

const READ = `
select a.id, a.site_id as site, s.name as "siteName", a.username, a.name, a.role,
       a.second_factor is not null as "hasSecondFactor", a.password_hash as "passwordHash",
       t.token_hash as session, (extract(epoch from t.expires_at) * 1000)::float8 as "expiresAt"
  from agent_sessions t join agents a on a.id = t.agent_id join sites s on s.id = a.site_id
 where t.token_hash = $1 and t.expires_at > now() and a.disabled_at is null and a.password_hash is not null`;

/** Rejects with `unauthorized`. */
export async function findSessionAgent(db: Queryable, token: string): Promise<SessionAgent> {
  const { rows } = SESSION_TOKEN.test(token)
    ? await db.query<SessionAgent>(READ, [sessionHash(token)])
    : { rows: [] };
  const [agent] = rows;
  if (!agent) throw new RtcDeskError('unauthorized', 'There is no such session.');
  return agent;
}
