import type { ConfigurationChanges, SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { differenceOf } from '../configuration/change-configuration.ts';
import { readDispositions } from '../configuration/dispositions.ts';
import { readSiteSettings } from '../configuration/site-settings.ts';
import type { Queryable } from '../database/database.ts';
import { readRetention } from '../retention/retention-periods.ts';

const READ_HOURS = `
select id, name, schedule ->> 'timeZone' as "timeZone", schedule -> 'open' as open, schedule -> 'exceptions' as exceptions
  from hours where site_id = $1 order by id`;

const READ_GROUPS = `
select id, name, offer_seconds as "offerSeconds", wrap_up_seconds as "wrapUpSeconds",
       disposition_required as "dispositionRequired", priority, hours, rules, recording
  from skill_groups where site_id = $1 order by position, id`;

const READ_AGENTS = `
select a.username, a.name, a.role,
       coalesce((select json_agg(json_build_object('id', m.group_id, 'level', m.level) order by m.group_id)
                   from memberships m where m.agent_id = a.id), '[]') as groups,
       a.disabled_at is not null as disabled, a.password_hash is not null as password
  from agents a where a.site_id = $1 order by a.username`;

const READ_REPLIES = `
select scope, group_id as group, shortcut, language, text from canned_replies
 where site_id = $1 and scope <> 'personal'
 order by scope desc, group_id nulls first, shortcut, language nulls first`;

const READ_FLOWS = `
select f.id, f.name, v.document, f.is_default as default
  from flows f join flow_versions v on v.site_id = f.site_id and v.flow_id = f.id and v.version = f.published_version
 where f.site_id = $1 order by f.id`;

interface AgentRow {
  readonly username: string;
  readonly name: string;
  readonly role: NonNullable<NonNullable<SiteConfiguration['agents']>[number]['role']>;
  readonly groups: readonly { readonly id: string; readonly level: number }[];
  readonly disabled: boolean;
  readonly password: boolean;
}

type Part<K extends 'hours' | 'groups' | 'flows' | 'cannedReplies'> = NonNullable<
  SiteConfiguration[K]
>[number];

/** All that is configured for a site, without secrets. Rejects with `not-found`. */
export async function readConfiguration(db: Queryable, site: string): Promise<SiteConfiguration> {
  const { rows: hours } = await db.query<Part<'hours'>>(READ_HOURS, [site]);
  const { rows: groups } = await db.query<Part<'groups'>>(READ_GROUPS, [site]);
  const { rows: agents } = await db.query<AgentRow>(READ_AGENTS, [site]);
  const { rows: replies } = await db.query<Part<'cannedReplies'> & { group: string | null }>(
    READ_REPLIES,
    [site],
  );
  const { rows: flows } = await db.query<Part<'flows'>>(READ_FLOWS, [site]);
  const { rows: hosts } = await db.query<{ hosts: string[] }>(
    'select request_hosts as hosts from sites where id = $1',
    [site],
  );
  return {
    ...(await readSiteSettings(db, site)),
    requestHosts: hosts[0]?.hosts ?? [],
    flows,
    retention: await readRetention(db, site),
    hours,
    groups,
    agents: agents
      .filter(({ disabled }) => !disabled)
      .map(({ disabled: _, password: __, ...agent }) => agent),
    dispositions: (await readDispositions(db, site)).dispositions,
    cannedReplies: replies.map(({ group, ...reply }) => ({
      ...reply,
      ...(group !== null && { group }),
    })),
  };
}

/** What is set for a site, by the part: `site`, `group sales`, `agent jo` … Without secrets. */
export type ConfigurationParts = Readonly<Record<string, object>>;

/** Empty for a site that does not exist yet. */
export async function readParts(db: Queryable, site: string): Promise<ConfigurationParts> {
  const { rowCount } = await db.query('select from sites where id = $1', [site]);
  if (rowCount === 0) return {};
  const { hours, groups, dispositions, flows, cannedReplies, retention, requestHosts } =
    await readConfiguration(db, site);
  const { rows } = await db.query<AgentRow>(READ_AGENTS, [site]);
  return {
    site: { ...(await readSiteSettings(db, site)), retention, requestHosts },
    dispositions: { tree: dispositions },
    ...Object.fromEntries((hours ?? []).map(({ id, ...rest }) => [`hours ${id}`, rest])),
    ...Object.fromEntries(
      groups.map(({ id, ...rest }, position) => [`group ${id}`, { ...rest, position }]),
    ),
    ...Object.fromEntries(rows.map(({ username, ...rest }) => [`agent ${username}`, rest])),
    ...Object.fromEntries((flows ?? []).map(({ id, ...rest }) => [`flow ${id}`, rest])),
    ...Object.fromEntries((cannedReplies ?? []).map((reply) => [replyName(reply), reply])),
  };
}

const replyName = ({ group, shortcut, language }: Part<'cannedReplies'>): string =>
  `canned reply ${[group, shortcut, language].filter(Boolean).join(' ')}`;

/** The parts that differ, for the security log; null: none does. */
export function partsChange(
  before: ConfigurationParts,
  after: ConfigurationParts,
): { readonly before: ConfigurationParts; readonly after: ConfigurationParts } | null {
  return differenceOf(before, after) as ReturnType<typeof partsChange>;
}

/** The same, one change after another. */
export function changesOf(
  change: { readonly before: ConfigurationParts; readonly after: ConfigurationParts } | undefined,
): ConfigurationChanges['changes'] {
  const { before = {}, after = {} } = change ?? {};
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((part) => {
    const kind = !(part in before) ? 'added' : part in after ? 'changed' : 'removed';
    return { part, kind, before: before[part], after: after[part] };
  });
}
