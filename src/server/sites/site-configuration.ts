import type { Queryable } from '../database/database.ts';

/** What is set for a site, by the part: its settings, each group, each agent. Without secrets. */
type SiteConfiguration = Readonly<Record<string, unknown>>;

const READ = `
select jsonb_build_object('site', to_jsonb(s) - 'id' - 'secret_version' - 'previous_secret_until' - 'created_at')
       || coalesce((select jsonb_object_agg('group ' || g.id, to_jsonb(g) - 'site_id' - 'id')
                      from skill_groups g where g.site_id = s.id), '{}')
       || coalesce((select jsonb_object_agg('agent ' || a.username, jsonb_build_object(
                             'name', a.name, 'role', a.role, 'disabled', a.disabled_at is not null,
                             'password', a.password_hash is not null,
                             'groups', (select jsonb_object_agg(m.group_id, m.level)
                                          from memberships m where m.agent_id = a.id)))
                      from agents a where a.site_id = s.id), '{}') as configuration
  from sites s where s.id = $1`;

/** Empty for a site that does not exist yet. */
export async function readConfiguration(tx: Queryable, site: string): Promise<SiteConfiguration> {
  const { rows } = await tx.query<{ configuration: SiteConfiguration }>(READ, [site]);
  return rows[0]?.configuration ?? {};
}

/** The parts that differ, for the security log; null: none does. */
export function configurationChange(
  before: SiteConfiguration,
  after: SiteConfiguration,
): { readonly before: SiteConfiguration; readonly after: SiteConfiguration } | null {
  const parts = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (part) => JSON.stringify(before[part]) !== JSON.stringify(after[part]),
  );
  if (parts.length === 0) return null;
  const pick = (from: SiteConfiguration): SiteConfiguration =>
    Object.fromEntries(parts.flatMap((part) => (part in from ? [[part, from[part]]] : [])));
  return { before: pick(before), after: pick(after) };
}
