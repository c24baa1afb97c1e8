import { disableAgents } from '../agents/disable-agents.ts';
import type { Queryable } from '../database/database.ts';
import { hashPassword, verifyPassword } from '../identity/password.ts';
import type { SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { membershipOf, type ProvisionAgent } from './provision-file.ts';

/** An agent of the file. `password`: the hash of a new one, `null` to take it away, or `keep`. */
export interface HashedAgent extends Omit<ProvisionAgent, 'password'> {
  readonly password: { readonly hash: string | null } | 'keep';
}

/** Agents whose sign-ins the file has ended. */
export interface ChangedAgents {
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
  readonly passwordChanged: readonly string[];
}

const READ_ENABLED = `select id, disabled_at is null as enabled from agents where site_id = $1`;

const WRITE_AGENT = `
insert into agents (site_id, username, name, role, password_hash, file_password_hash, demo_password)
values ($1, $2, $3, coalesce($4, 'agent'), $5, $5, $7)
on conflict (site_id, username) do update set
  name = excluded.name, role = excluded.role, disabled_at = null,
  password_hash = case when $6 then agents.password_hash else excluded.password_hash end,
  file_password_hash = case when $6 then agents.file_password_hash else excluded.file_password_hash end,
  demo_password = case when $6 then agents.demo_password else excluded.demo_password end
returning id`;

const WRITE_MEMBERSHIPS = `
with written as (
  insert into memberships (agent_id, site_id, group_id, level)
  select $1, $2, m.group_id, m.level from unnest($3::text[], $4::int[]) as m (group_id, level)
  on conflict (agent_id, group_id) do update set level = excluded.level)
delete from memberships where agent_id = $1 and not group_id = any ($3::text[])`;

/** Hashes the passwords that the file changes. Outside of the transaction, because hashing is slow on purpose. */
export async function hashPasswords(
  db: Queryable,
  site: SiteConfiguration,
): Promise<HashedAgent[]> {
  const hashed: HashedAgent[] = [];
  for (const { password, ...agent } of site.agents ?? []) {
    hashed.push({ ...agent, password: await hashIfChanged(db, site.id, agent.username, password) });
  }
  return hashed;
}

/** A password that the file gave before is kept, also if the agent has chosen another one since. Null takes it away. */
async function hashIfChanged(
  db: Queryable,
  site: string,
  username: string,
  password: string | null | undefined,
): Promise<HashedAgent['password']> {
  const { rows } = await db.query<{ from_file: string | null; any: string | null }>(
    `select file_password_hash as from_file, password_hash as any from agents where site_id = $1 and username = $2`,
    [site, username],
  );
  const { from_file: fromFile = null, any = null } = rows[0] ?? {};
  if (password === undefined) return 'keep';
  if (password === null) return any === null ? 'keep' : { hash: null };
  if (fromFile !== null && (await verifyPassword(password, fromFile))) return 'keep';
  return { hash: await hashPassword(password) };
}

/** Writes the agents of a site as the file says. Agents whom it does not name are disabled. */
export async function writeAgents(
  tx: Queryable,
  site: string,
  agents: readonly HashedAgent[],
  demoPasswords: boolean,
): Promise<ChangedAgents> {
  const { rows } = await tx.query<{ id: string; enabled: boolean }>(READ_ENABLED, [site]);
  const before = new Map(rows.map(({ id, enabled }) => [id, enabled]));
  const named = new Set<string>();
  const passwordChanged: string[] = [];
  for (const agent of agents) {
    const id = await writeAgent(tx, site, agent, demoPasswords);
    named.add(id);
    if (agent.password !== 'keep' && before.has(id)) passwordChanged.push(id);
  }
  await tx.query('delete from agent_sessions where agent_id = any ($1::uuid[])', [passwordChanged]);
  const disabled = await disableAgents(
    tx,
    [...before.keys()].filter((id) => !named.has(id)),
  );
  return {
    disabled,
    enabled: [...named].filter((id) => before.get(id) === false),
    passwordChanged,
  };
}

async function writeAgent(
  tx: Queryable,
  site: string,
  { username, name, role, groups, password }: HashedAgent,
  demoPasswords: boolean,
): Promise<string> {
  const keep = password === 'keep';
  const hash = keep ? null : password.hash;
  const values = [site, username, name, role ?? null, hash, keep, demoPasswords && hash !== null];
  const { rows } = await tx.query<{ id: string }>(WRITE_AGENT, values);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('The agent was not stored.');
  const memberships = groups.map(membershipOf);
  await tx.query(WRITE_MEMBERSHIPS, [
    id,
    site,
    memberships.map((membership) => membership.id),
    memberships.map(({ level }) => level),
  ]);
  return id;
}
