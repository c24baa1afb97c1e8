import { RtcDeskError } from '../../protocol/errors.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type {
  NewSkillGroup,
  SkillGroup,
  SkillGroupChange,
} from '../../protocol/rest/skill-groups.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';
import { requireGroups } from './require-groups.ts';

/** A group as it is configured: the value whose version clients compare. */
export type GroupSettings = Omit<SkillGroup, 'members'>;

export const groupSettings = ({ members: _, ...settings }: SkillGroup): GroupSettings => settings;

const GROUP = `
  g.id, g.name, g.position, g.offer_seconds as "offerSeconds", g.wrap_up_seconds as "wrapUpSeconds",
  g.disposition_required as "dispositionRequired", g.hours, g.priority, g.rules,
  g.rules_version as "rulesVersion", g.recording,
  (select count(*)::int from memberships m join agents a on a.id = m.agent_id
    where m.site_id = g.site_id and m.group_id = g.id and a.disabled_at is null) as members`;

const READ = `
select ${GROUP} from skill_groups g
 where g.site_id = $1 and g.id = $2 and ($3::text[] is null or g.id = any ($3))`;

/** Null: the site has no such group, or it is none of `groups`. */
async function findSkillGroup(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<SkillGroup | null> {
  const { rows } = await db.query<SkillGroup>(READ, [siteId, id, groups]);
  return rows[0] ?? null;
}

/** Rejects with `not-found`. */
export async function readSkillGroup(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<SkillGroup> {
  const group = await findSkillGroup(db, siteId, groups, id);
  if (!group) throw new RtcDeskError('not-found', 'Your site has no such skill group.');
  return group;
}

const LIST = paged(`
  select g.*, case $5 when 'name' then lower(g.name) when 'members' then lpad(g.members::text, 10, '0')
                      else lpad(g.position::text, 10, '0') end as sort_key,
         g.id as sort_id
    from (select ${GROUP} from skill_groups g
           where g.site_id = $6 and ($7::text[] is null or g.id = any ($7))
             and ($8::text is null or g.name ilike $8 or g.id ilike $8)) g`);
const ORDER = 'position';

/** The groups of a site; with `groups` only those. */
export async function listSkillGroups(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  request: PageRequest & { readonly q?: string | undefined },
): Promise<Page<SkillGroup>> {
  const { rows } = await db.query<SkillGroup & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    siteId,
    groups,
    searchPattern(request.q),
  ]);
  return pageOf(rows, request, ORDER);
}

const INSERT = `
insert into skill_groups (site_id, id, name, position, rules) values (
  $1, $2, $3, coalesce((select max(position) + 1 from skill_groups where site_id = $1), 0), $4)
on conflict (site_id, id) do nothing`;

/** Makes a group behind the others. Rejects with `taken`, `bad-message`. */
export async function makeSkillGroup(
  database: Database,
  by: ChangedBy,
  { id, name, ...settings }: NewSkillGroup,
): Promise<{ group: SkillGroup; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<GroupSettings>(database, by, {
    subject: `group:${id}`,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      const { rowCount } = await tx.query(INSERT, [
        siteId,
        id,
        name.trim(),
        JSON.stringify(settings.rules ?? {}),
      ]);
      if (rowCount === 0) throw new RestError('taken', 'There is a group with this id already.');
      await writeSettings(tx, siteId, id, settings);
    },
  });
  database.wake.notify(`matching:${siteId}`, `group:${siteId}/${id}`);
  return { group: await readSkillGroup(database, siteId, null, id), receipts };
}

/** Rejects with `not-found`, `precondition-failed`, `bad-message`. */
export async function changeSkillGroup(
  database: Database,
  by: ChangedBy,
  { id, version, change }: { id: string; version: string; change: SkillGroupChange },
): Promise<{ group: SkillGroup; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<GroupSettings>(database, by, {
    subject: `group:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: (tx) => writeSettings(tx, siteId, id, change),
  });
  database.wake.notify(`matching:${siteId}`, `group:${siteId}/${id}`);
  await notifyMembers(database, siteId, id);
  return { group: await readSkillGroup(database, siteId, null, id), receipts };
}

const IN_RINGS = `
select g.id from skill_groups g, jsonb_array_elements(coalesce(g.rules -> 'rings', '[]')) r
 where g.site_id = $1 and g.id <> $2 and r -> 'groups' ? $2 limit 1`;
const HAS_CALLS = `
select from calls where site_id = $1 and group_id = $2
union all select from legs where site_id = $1 and group_id = $2 limit 1`;

/** Rejects with `not-found`, `precondition-failed`, and `in-use` for a group with calls or in another group's rules. */
export async function deleteSkillGroup(
  database: Database,
  by: ChangedBy,
  { id, version }: { id: string; version: string },
): Promise<readonly AuditReceipt[]> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<GroupSettings>(database, by, {
    subject: `group:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      const ring = await tx.query<{ id: string }>(IN_RINGS, [siteId, id]);
      if (ring.rows[0]) throw inUse(`The rules of the group "${ring.rows[0].id}" name it.`);
      // No call can come into the group from here on.
      await tx.query('select from skill_groups where site_id = $1 and id = $2 for update', [
        siteId,
        id,
      ]);
      const { rowCount } = await tx.query(HAS_CALLS, [siteId, id]);
      if (rowCount > 0) throw inUse('Calls of this group are kept.');
      await tx.query('delete from skill_groups where site_id = $1 and id = $2', [siteId, id]);
    },
  });
  database.wake.notify(`matching:${siteId}`, `group:${siteId}/${id}`);
  return receipts;
}

function inUse(why: string): RestError {
  return new RestError('in-use', `The group cannot be deleted. ${why}`);
}

async function readSettings(
  tx: Queryable,
  siteId: string,
  id: string,
): Promise<GroupSettings | null> {
  const group = await findSkillGroup(tx, siteId, null, id);
  return group && groupSettings(group);
}

/** Without a wrap-up nobody could choose the disposition. */
const WRAP_UP_FITS = `
select from skill_groups
 where site_id = $1 and id = $2
   and (coalesce($3, wrap_up_seconds) > 0 or not coalesce($4, disposition_required))`;

const WRITE = `
update skill_groups set
  name = coalesce($3, name), position = coalesce($4, position), offer_seconds = coalesce($5, offer_seconds),
  wrap_up_seconds = coalesce($6, wrap_up_seconds), priority = coalesce($7, priority), rules = coalesce($8, rules),
  rules_version = rules_version + (rules is distinct from coalesce($8, rules))::int,
  hours = case when $9 then $10 else hours end, disposition_required = coalesce($11, disposition_required),
  recording = case when $12 then $13::jsonb else recording end
 where site_id = $1 and id = $2`;

/** What the change does not name stays as it is. */
async function writeSettings(
  tx: Queryable,
  siteId: string,
  id: string,
  change: SkillGroupChange,
): Promise<void> {
  const { hours, rules, recording, wrapUpSeconds = null, dispositionRequired = null } = change;
  const { rowCount: fits } = await tx.query(WRAP_UP_FITS, [
    siteId,
    id,
    wrapUpSeconds,
    dispositionRequired,
  ]);
  if (fits === 0) {
    throw new RtcDeskError('bad-message', 'A required disposition needs wrap-up seconds.');
  }
  const ringGroups = (rules?.rings ?? []).flatMap((ring) => ring.groups ?? []);
  await requireGroups(tx, siteId, [...new Set(ringGroups)]);
  if (typeof hours === 'string') {
    const { rowCount } = await tx.query('select from hours where site_id = $1 and id = $2', [
      siteId,
      hours,
    ]);
    if (rowCount === 0) throw new RtcDeskError('bad-message', `The site has no hours "${hours}".`);
  }
  await tx.query(WRITE, [
    siteId,
    id,
    change.name?.trim() ?? null,
    change.position ?? null,
    change.offerSeconds ?? null,
    wrapUpSeconds,
    change.priority ?? null,
    rules ? JSON.stringify(rules) : null,
    hours !== undefined,
    hours ?? null,
    dispositionRequired,
    recording !== undefined,
    recording ? JSON.stringify(recording) : null,
  ]);
}

/** The members' views show the name of the group. */
async function notifyMembers(database: Database, siteId: string, id: string): Promise<void> {
  const { rows } = await database.query<{ agent: string }>(
    'select agent_id as agent from memberships where site_id = $1 and group_id = $2',
    [siteId, id],
  );
  database.wake.notify(...rows.map(({ agent }) => `agent:${agent}` as const));
}
