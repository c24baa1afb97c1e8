import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentAccount } from '../../protocol/rest/agents.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';

/** An agent as it is configured: the value whose version clients compare. */
export type AgentSettings = Pick<
  AgentAccount,
  'username' | 'name' | 'role' | 'groups' | 'disabled'
>;

export const agentSettings = ({
  username,
  name,
  role,
  groups,
  disabled,
}: AgentAccount): AgentSettings => ({ username, name, role, groups, disabled });

const ACCOUNT = `
  a.id, a.username, a.name, a.role,
  coalesce((select json_agg(json_build_object('id', m.group_id, 'level', m.level) order by m.group_id)
              from memberships m where m.agent_id = a.id), '[]') as groups,
  a.disabled_at is not null as disabled, a.password_hash is not null as password,
  a.second_factor is not null as "secondFactor",
  (select ${ms('l.expires_at')} from password_links l where l.agent_id = a.id and l.expires_at > now())
    as "linkExpiresAt"`;

// $2: groups of which the agent has to be a member; null: any agent of the site.
const READ = `
select ${ACCOUNT} from agents a
 where a.site_id = $1 and a.id = $3
   and ($2::text[] is null
        or exists (select from memberships m where m.agent_id = a.id and m.group_id = any ($2)))`;

/** Null: the site has no such agent in these groups. */
export async function findAgentAccount(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<AgentAccount | null> {
  const { rows } = await db.query<AgentAccount>(READ, [siteId, groups, id]);
  return rows[0] ?? null;
}

/** Rejects with `not-found`. */
export async function readAgentAccount(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<AgentAccount> {
  const account = await findAgentAccount(db, siteId, groups, id);
  if (!account) throw new RtcDeskError('not-found', 'Your site has no such agent.');
  return account;
}

const LIST = paged(`
  select ${ACCOUNT}, a.id::text as sort_id,
         case $5 when 'name' then lower(a.name) when 'username' then lower(a.username)
                 else array_position(array['agent', 'supervisor', 'admin', 'owner'], a.role)::text end as sort_key
    from agents a
   where a.site_id = $6
     and ($7::text[] is null
          or exists (select from memberships m where m.agent_id = a.id and m.group_id = any ($7)))
     and ($8::text is null or a.name ilike $8 or a.username ilike $8)
     and ($9::text is null or a.role = $9)
     and ($10::text is null or exists (select from memberships m where m.agent_id = a.id and m.group_id = $10))
     and ($11::boolean is null or (a.disabled_at is not null) = $11)`);
const ORDER = 'name';

export interface AgentFilter extends PageRequest {
  readonly q?: string | undefined;
  readonly role?: string | undefined;
  readonly group?: string | undefined;
  readonly state?: 'enabled' | 'disabled' | undefined;
}

/** The agents of a site; with `groups` only the members of those. */
export async function listAgentAccounts(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  filter: AgentFilter,
): Promise<Page<AgentAccount>> {
  const { rows } = await db.query<AgentAccount & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(filter, ORDER),
    siteId,
    groups,
    searchPattern(filter.q),
    filter.role ?? null,
    filter.group ?? null,
    filter.state === undefined ? null : filter.state === 'disabled',
  ]);
  return pageOf(rows, filter, ORDER);
}
