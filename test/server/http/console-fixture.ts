import { randomBytes } from 'node:crypto';
import type { AgentRole } from '../../../src/protocol/agent-view.ts';
import { API_SCOPES, type ApiScope } from '../../../src/protocol/rest/permissions.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { makeApiKey } from '../../../src/server/identity/api-key.ts';
import { sessionHash } from '../../../src/server/identity/session-hash.ts';

/** Ids and tokens of a site with one agent of each role, all of them members of the group `help`. */
export interface ConsoleSite {
  readonly id: string;
  readonly agents: Readonly<Record<AgentRole, string>>;
  readonly tokens: Readonly<Record<AgentRole, string>>;
}

export const ROLES = ['agent', 'supervisor', 'admin', 'owner'] as const;

/** Writes a site with the groups `help` (hours `office`) and `sales`, and signs one agent of each role in. */
export async function writeConsoleSite(db: Queryable, id: string): Promise<ConsoleSite> {
  await db.query('insert into sites (id, name) values ($1, $2)', [id, `Site ${id}`]);
  await db.query(
    `insert into hours (site_id, id, name, schedule)
     values ($1, 'office', 'Office', '{"timeZone": null, "open": [], "exceptions": []}')`,
    [id],
  );
  await db.query(
    `insert into skill_groups (site_id, id, name, position, hours)
     values ($1, 'help', 'Help', 0, 'office'), ($1, 'sales', 'Sales', 1, null)`,
    [id],
  );
  const agents: Record<string, string> = {};
  const tokens: Record<string, string> = {};
  for (const role of ROLES) {
    agents[role] = await writeAgent(db, id, role, role, ['help']);
    tokens[role] = await openSession(db, agents[role]);
  }
  return { id, agents, tokens } as ConsoleSite;
}

/** Resolves to the agent's id. */
export async function writeAgent(
  db: Queryable,
  site: string,
  username: string,
  role: AgentRole = 'agent',
  groups: readonly string[] = [],
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into agents (site_id, username, name, role, password_hash) values ($1, $2, $2, $3, 'no hash') returning id`,
    [site, username, role],
  );
  const id = rows[0]?.id ?? '';
  await db.query(
    `insert into memberships (agent_id, site_id, group_id) select $1, $2, g from unnest($3::text[]) g`,
    [id, site, groups],
  );
  return id;
}

/** Resolves to a token of the agent. */
export async function openSession(db: Queryable, agentId: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await db.query(
    `insert into agent_sessions (token_hash, agent_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
    [sessionHash(token), agentId],
  );
  return token;
}

export async function writeApiKey(
  db: Queryable,
  site: string,
  scopes: readonly ApiScope[] = API_SCOPES,
): Promise<string> {
  const { key, start, hash } = makeApiKey();
  await db.query(
    `insert into api_keys (site_id, name, start, key_hash, scopes) values ($1, 'key', $2, $3, $4)`,
    [site, start, hash, scopes],
  );
  return key;
}
