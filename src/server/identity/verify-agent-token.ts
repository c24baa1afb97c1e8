import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { SESSION_TOKEN, sessionHash } from './session-hash.ts';
import { verifySiteToken } from './verify-site-token.ts';

export interface AgentIdentity {
  readonly agentId: string;
  readonly siteId: string;
  readonly credential: AgentCredential;
}

/** By what an agent is signed in. */
export type AgentCredential =
  | { readonly kind: 'session'; readonly hash: Buffer }
  | {
      readonly kind: 'jwt';
      readonly secretVersion: number;
      /** Seconds since 1970. */
      readonly expiresAt: number;
    };

/** In seconds. */
const MAX_LIFETIME = 24 * 60 * 60;

/**
 * The agent of a session token (from a sign-in by password) or of a JWT that the site's backend signed, whose `sub` is
 * the username. Rejects with `unauthorized`, also for a disabled agent, and with
 * `invalid-identity` for a `sub` that is no text.
 */
export async function verifyAgentToken(
  db: Queryable,
  key: Uint8Array,
  token: string,
): Promise<AgentIdentity> {
  return SESSION_TOKEN.test(token) ? findBySession(db, token) : findByJwt(db, key, token);
}

interface AgentRow {
  readonly id: string;
  readonly site_id: string;
}

async function findBySession(db: Queryable, token: string): Promise<AgentIdentity> {
  const hash = sessionHash(token);
  const { rows } = await db.query<AgentRow>(
    `select a.id, a.site_id from agent_sessions s join agents a on a.id = s.agent_id
      where s.token_hash = $1 and s.expires_at > now() and a.disabled_at is null`,
    [hash],
  );
  return identityOf(rows[0], { kind: 'session', hash });
}

async function findByJwt(db: Queryable, key: Uint8Array, token: string): Promise<AgentIdentity> {
  const { siteId, subject, secretVersion, expiresAt } = await verifySiteToken(db, key, token, {
    audience: 'rtc-desk-agent',
    maxLifetime: MAX_LIFETIME,
  });
  const { rows } = await db.query<AgentRow>(
    'select id, site_id from agents where site_id = $1 and username = $2 and disabled_at is null',
    [siteId, subject],
  );
  return identityOf(rows[0], { kind: 'jwt', secretVersion, expiresAt });
}

function identityOf(agent: AgentRow | undefined, credential: AgentCredential): AgentIdentity {
  if (!agent) throw new RtcDeskError('unauthorized', 'The token is wrong or has expired.');
  return { agentId: agent.id, siteId: agent.site_id, credential };
}
