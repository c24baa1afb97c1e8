import type { Queryable } from '../database/database.ts';
import type { AgentCredential } from './verify-agent-token.ts';

/** An agent's socket, and by what the agent is signed in on it. */
export interface AccessQuestion {
  readonly connection: string;
  readonly agentId: string;
  readonly credential: AgentCredential;
}

/** By the rules of `verifyAgentToken`: one row for each socket whose sign-in still counts. */
const READ = `
select asked.connection, (extract(epoch from access.until - clock_timestamp()) * 1000)::float8 as left
  from unnest($1::text[], $2::uuid[], $3::text[], $4::int[], $5::float8[])
       as asked (connection, agent_id, session, secret_version, expires_at)
  join agents a on a.id = asked.agent_id and a.disabled_at is null
  join sites s on s.id = a.site_id
  left join agent_sessions t on t.token_hash = decode(asked.session, 'hex') and t.agent_id = a.id
 cross join lateral (
   select case
     when asked.session is not null then t.expires_at
     when asked.secret_version = s.secret_version then to_timestamp(asked.expires_at)
     when asked.secret_version = s.secret_version - 1
       then least(to_timestamp(asked.expires_at), coalesce(s.previous_secret_until, '-infinity'))
   end as until) access
 where access.until > clock_timestamp()`;

/** For how many ms each sign-in still counts, by connection. One that counts no more is left out. */
export async function readAccess(
  db: Queryable,
  asked: readonly AccessQuestion[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ connection: string; left: number }>(READ, [
    asked.map(({ connection }) => connection),
    asked.map(({ agentId }) => agentId),
    asked.map(({ credential }) =>
      credential.kind === 'session' ? credential.hash.toString('hex') : null,
    ),
    asked.map(({ credential }) => (credential.kind === 'jwt' ? credential.secretVersion : null)),
    asked.map(({ credential }) => (credential.kind === 'jwt' ? credential.expiresAt : null)),
  ]);
  return new Map(rows.map(({ connection, left }) => [connection, left]));
}
