import type { Database, Queryable } from '../database/database.ts';
import { hashPassword, verifyPassword } from '../identity/password.ts';
import { writeRetention } from '../retention/retention-periods.ts';
import { siteSecret } from '../identity/site-secret.ts';
import {
  membershipOf,
  type ProvisionAgent,
  type ProvisionFile,
  type ProvisionSite,
} from './provision-file.ts';

/** A site as it is now, and the secret with which its backend signs. */
export interface ProvisionedSite {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

/** An agent with the hash of a password that has changed; null: it has not. */
interface HashedAgent extends ProvisionAgent {
  readonly newHash: string | null;
}

const WRITE_SITE = `
insert into sites (id, name, time_zone, origins, crm_origins, queue_limit, no_agent, calls_per_address,
                   socket_limit, media, media_fallback, visitor_check, challenge)
values ($1, $2, coalesce($3, 'UTC'), $4, $5, coalesce($6, 500), coalesce($7, 'queue'), $8,
        coalesce($9, 12000), coalesce($10, 'default'), coalesce($11, true), coalesce($12, 'none'), $13)
on conflict (id) do update set
  name = excluded.name, time_zone = excluded.time_zone, origins = excluded.origins,
  crm_origins = excluded.crm_origins, queue_limit = excluded.queue_limit, no_agent = excluded.no_agent,
  calls_per_address = excluded.calls_per_address, socket_limit = excluded.socket_limit,
  media = excluded.media, media_fallback = excluded.media_fallback,
  visitor_check = excluded.visitor_check, challenge = excluded.challenge
returning secret_version`;

const WRITE_QUOTAS = `
update sites
   set calls_per_address_per_day = coalesce($2, 1000), pictures_per_room = coalesce($3, 300),
       picture_bytes = coalesce($4::bigint * 1000000, 10000000000)
 where id = $1`;

const WRITE_GROUP = `
insert into skill_groups (site_id, id, name, position, offer_seconds, wrap_up_seconds, rules, hours)
values ($1, $2, $3, $4, coalesce($5, 20), coalesce($6, 30), $7, $8)
on conflict (site_id, id) do update set
  name = excluded.name, position = excluded.position, offer_seconds = excluded.offer_seconds,
  wrap_up_seconds = excluded.wrap_up_seconds, rules = excluded.rules, hours = excluded.hours`;

const WRITE_AGENT = `
insert into agents (site_id, username, name, role, password_hash)
values ($1, $2, $3, coalesce($4, 'agent'), $5)
on conflict (site_id, username) do update set
  name = excluded.name, role = excluded.role,
  password_hash = coalesce(excluded.password_hash, agents.password_hash)
returning id`;

const WRITE_MEMBERSHIPS = `
with written as (
  insert into memberships (agent_id, site_id, group_id, level)
  select $1, $2, m.group_id, m.level from unnest($3::text[], $4::int[]) as m (group_id, level)
  on conflict (agent_id, group_id) do update set level = excluded.level)
delete from memberships where agent_id = $1 and not group_id = any ($3::text[])`;

/**
 * Writes sites, groups and agents as the file says, all of it or nothing. Doing it again changes nothing. What the
 * file does not name stays as it is, because calls may refer to it. A changed password ends the agent's sessions.
 */
export async function provision(
  db: Database,
  key: Uint8Array,
  { sites }: ProvisionFile,
): Promise<ProvisionedSite[]> {
  const agents = new Map<string, HashedAgent[]>();
  for (const site of sites) agents.set(site.id, await hashPasswords(db, site));
  const provisioned = await db.transaction(async (tx) => {
    const written: ProvisionedSite[] = [];
    for (const site of sites) {
      const version = await writeSite(tx, site);
      for (const agent of agents.get(site.id) ?? []) await writeAgent(tx, site.id, agent);
      written.push({ id: site.id, name: site.name, secret: siteSecret(key, site.id, version) });
    }
    return written;
  });
  await notifyOf(db, sites);
  return provisioned;
}

/** Outside of the transaction, because scrypt is slow on purpose. */
async function hashPasswords(db: Queryable, site: ProvisionSite): Promise<HashedAgent[]> {
  const hashed: HashedAgent[] = [];
  for (const agent of site.agents ?? []) {
    hashed.push({ ...agent, newHash: await hashIfChanged(db, site.id, agent) });
  }
  return hashed;
}

async function hashIfChanged(
  db: Queryable,
  siteId: string,
  { username, password }: ProvisionAgent,
): Promise<string | null> {
  if (password === undefined) return null;
  const { rows } = await db.query<{ password_hash: string | null }>(
    'select password_hash from agents where site_id = $1 and username = $2',
    [siteId, username],
  );
  const stored = rows[0]?.password_hash ?? null;
  if (stored !== null && (await verifyPassword(password, stored))) return null;
  return hashPassword(password);
}

/** Resolves to the site's secret_version. */
async function writeSite(tx: Queryable, site: ProvisionSite): Promise<number> {
  const { rows } = await tx.query<{ secret_version: number }>(WRITE_SITE, [
    site.id,
    site.name,
    site.timeZone ?? null,
    site.origins ?? [],
    site.crmOrigins ?? [],
    site.queueLimit ?? null,
    site.noAgent ?? null,
    site.callsPerAddress ?? null,
    site.socketLimit ?? null,
    site.media ?? null,
    site.mediaFallback ?? null,
    site.visitorCheck ?? null,
    site.challenge ? JSON.stringify(site.challenge) : null,
  ]);
  await tx.query(WRITE_QUOTAS, [
    site.id,
    site.callsPerAddressPerDay ?? null,
    site.picturesPerRoom ?? null,
    site.pictureMegabytes ?? null,
  ]);
  await writeRetention(tx, site.id, site.retention ?? {});
  for (const [position, group] of site.groups.entries()) {
    await tx.query(WRITE_GROUP, [
      site.id,
      group.id,
      group.name,
      position,
      group.offerSeconds ?? null,
      group.wrapUpSeconds ?? null,
      JSON.stringify(group.rules ?? {}),
      group.hours ? JSON.stringify(group.hours) : null,
    ]);
  }
  return rows[0]?.secret_version ?? 1;
}

async function writeAgent(
  tx: Queryable,
  siteId: string,
  { username, name, role, groups, newHash }: HashedAgent,
): Promise<void> {
  const values = [siteId, username, name, role ?? null, newHash];
  const { rows } = await tx.query<{ id: string }>(WRITE_AGENT, values);
  const id = rows[0]?.id;
  if (newHash !== null) await tx.query('delete from agent_sessions where agent_id = $1', [id]);
  const memberships = groups.map(membershipOf);
  await tx.query(WRITE_MEMBERSHIPS, [
    id,
    siteId,
    memberships.map((membership) => membership.id),
    memberships.map(({ level }) => level),
  ]);
}

/** Wakes everybody who sees the groups and agents of these sites. */
async function notifyOf(db: Database, sites: readonly ProvisionSite[]): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    'select id from agents where site_id = any ($1::text[])',
    [sites.map(({ id }) => id)],
  );
  db.wake.notify(
    ...sites.map(({ id }) => `matching:${id}` as const),
    ...sites.flatMap(({ id, groups }) => groups.map((group) => `group:${id}/${group.id}` as const)),
    ...rows.map(({ id }) => `agent:${id}` as const),
  );
}
