import type { AgentRole } from '../../protocol/agent-view.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import type { Queryable } from '../database/database.ts';
import { API_KEY, verifyApiKey } from './api-key.ts';
import type { Credential } from './permissions.ts';
import { SESSION_TOKEN, sessionHash } from './session-hash.ts';
import { verifyApiToken } from './verify-api-token.ts';

/** Who calls the REST interface. What the caller may do is in permissions.ts. */
export interface Caller {
  readonly siteId: string;
  readonly credential: Credential;
  /** For the security log. */
  readonly actor: AuditActor;
  /** For records that are handed out, for example `owner olivia`. */
  readonly name: string;
  /** One text for each caller: `agent:<id>`, `api-key:<id>`, `backend:<sub>`. */
  readonly id: string;
  /** Null for a program. */
  readonly agentId: string | null;
  /** The skill groups of which the agent is a member. */
  readonly groups: readonly string[];
}

interface AgentRow {
  readonly id: string;
  readonly site: string;
  readonly username: string;
  readonly role: AgentRole;
  readonly groups: readonly string[];
}

const AGENT = `
select a.id, a.site_id as site, a.username, a.role,
       array(select m.group_id from memberships m where m.agent_id = a.id order by m.group_id) as groups
  from agents a where a.disabled_at is null`;

const READ_AGENT = `${AGENT} and a.id = $1`;
const READ_SESSION = `${AGENT}
   and a.id = (select s.agent_id from agent_sessions s where s.token_hash = $1 and s.expires_at > now())`;

/**
 * The caller of a token: a sign-in's, an API key, or a JWT that the site's backend signed. Rejects with
 * `unauthorized`.
 */
export async function findCaller(db: Queryable, key: Uint8Array, token: string): Promise<Caller> {
  if (SESSION_TOKEN.test(token)) return readAgent(db, READ_SESSION, sessionHash(token));
  if (API_KEY.test(token)) {
    const { id, siteId, name, scopes } = await verifyApiKey(db, token);
    const label = `API key ${name}`;
    return {
      siteId,
      credential: { kind: 'api-key', scopes },
      actor: { kind: 'backend', name: label },
      name: label,
      id: `api-key:${id}`,
      agentId: null,
      groups: [],
    };
  }
  const { siteId, subject } = await verifyApiToken(db, key, token);
  return {
    siteId,
    credential: { kind: 'backend' },
    actor: { kind: 'backend', name: subject },
    name: `backend ${subject}`,
    id: `backend:${subject}`,
    agentId: null,
    groups: [],
  };
}

/** The agent of a socket. Rejects with `unauthorized` for one who is disabled. */
export const agentAsCaller = (db: Queryable, agentId: string): Promise<Caller> =>
  readAgent(db, READ_AGENT, agentId);

async function readAgent(db: Queryable, statement: string, by: unknown): Promise<Caller> {
  const { rows } = await db.query<AgentRow>(statement, [by]);
  const [agent] = rows;
  if (!agent) throw new RtcDeskError('unauthorized', 'There is no such session.');
  return {
    siteId: agent.site,
    credential: { kind: 'session', role: agent.role },
    actor: { kind: 'agent', agentId: agent.id },
    name: `${agent.role} ${agent.username}`,
    id: `agent:${agent.id}`,
    agentId: agent.id,
    groups: agent.groups,
  };
}
