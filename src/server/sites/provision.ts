import type { Database, Queryable } from '../database/database.ts';
import { hashPassword, verifyPassword } from '../identity/password.ts';
import { siteSecret } from '../identity/site-secret.ts';
import { ProvisionError, type ProvisionFile } from './provision-file.ts';

/** A site as it now stands, and the secret with which its backend signs. */
export interface ProvisionedSite {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

type Site = ProvisionFile['sites'][number];
type Agent = NonNullable<Site['agents']>[number];

/**
 * Writes sites, groups and agents as the file says: all of it or nothing, and twice is as once. What
 * the file does not name stays as it is; calls may hang on it. A changed password ends the agent's
 * sessions. Rejects with a ProvisionError where a username belongs to another site.
 */
export async function provision(
  db: Database,
  key: Uint8Array,
  { sites }: ProvisionFile,
): Promise<ProvisionedSite[]> {
  const hashes = await hashChangedPasswords(db, sites);
  const provisioned = await db.transaction(async (tx) => {
    const done: ProvisionedSite[] = [];
    for (const site of sites) {
      const version = await writeSite(tx, site);
      for (const agent of site.agents ?? []) await writeAgent(tx, site.id, agent, hashes);
      done.push({ id: site.id, name: site.name, secret: siteSecret(key, site.id, version) });
    }
    return done;
  });
  const { rows } = await db.query<{ id: string }>(
    'select id from agents where site_id = any($1::text[])',
    [sites.map(({ id }) => id)],
  );
  db.wake.notify(
    ...sites.map(({ id }) => `matching:${id}` as const),
    ...sites.flatMap(({ id, groups }) => groups.map((group) => `group:${id}/${group.id}` as const)),
    // A group's name and who is in it are part of what is their own.
    ...rows.map(({ id }) => `agent:${id}` as const),
  );
  return provisioned;
}

/** By username. Outside of the transaction: scrypt is slow on purpose. */
async function hashChangedPasswords(
  db: Queryable,
  sites: readonly Site[],
): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const { username, password } of sites.flatMap(({ agents = [] }) => agents)) {
    if (password === undefined) continue;
    const { rows } = await db.query<{ password_hash: string | null }>(
      'select password_hash from agents where username = $1',
      [username],
    );
    const stored = rows[0]?.password_hash ?? null;
    if (stored !== null && (await verifyPassword(password, stored))) continue;
    hashes.set(username, await hashPassword(password));
  }
  return hashes;
}

/** Answers with the site's secret_version. */
async function writeSite(tx: Queryable, site: Site): Promise<number> {
  const { rows } = await tx.query<{ secret_version: number }>(
    `insert into sites (id, name, origins, crm_origins, queue_limit, no_agent, calls_per_address,
                        socket_limit, media, media_fallback)
     values ($1, $2, $3, $4, coalesce($5, 500), coalesce($6, 'queue'), coalesce($7, 100),
             coalesce($8, 12000), coalesce($9, 'default'), coalesce($10, true))
     on conflict (id) do update set name = excluded.name, origins = excluded.origins,
       crm_origins = excluded.crm_origins, queue_limit = excluded.queue_limit, no_agent = excluded.no_agent,
       calls_per_address = excluded.calls_per_address, socket_limit = excluded.socket_limit,
       media = excluded.media, media_fallback = excluded.media_fallback
     returning secret_version`,
    [
      site.id,
      site.name,
      site.origins ?? [],
      site.crmOrigins ?? [],
      site.queueLimit ?? null,
      site.noAgent ?? null,
      site.callsPerAddress ?? null,
      site.socketLimit ?? null,
      site.media ?? null,
      site.mediaFallback ?? null,
    ],
  );
  for (const [position, group] of site.groups.entries()) {
    await tx.query(
      `insert into skill_groups (site_id, id, name, position, offer_seconds, wrap_up_seconds, hours)
       values ($1, $2, $3, $4, coalesce($5, 20), coalesce($6, 30), $7)
       on conflict (site_id, id) do update set name = excluded.name, position = excluded.position,
         offer_seconds = excluded.offer_seconds, wrap_up_seconds = excluded.wrap_up_seconds,
         hours = excluded.hours`,
      [
        site.id,
        group.id,
        group.name,
        position,
        group.offerSeconds ?? null,
        group.wrapUpSeconds ?? null,
        group.hours ? JSON.stringify(group.hours) : null,
      ],
    );
  }
  return rows[0]?.secret_version ?? 1;
}

async function writeAgent(
  tx: Queryable,
  siteId: string,
  { username, name, groups, capacity }: Agent,
  hashes: ReadonlyMap<string, string>,
): Promise<void> {
  const hash = hashes.get(username) ?? null;
  // An agent who holds more calls than the new capacity keeps them: it takes effect with the next file.
  const { rows } = await tx.query<{ id: string }>(
    `insert into agents (site_id, username, name, password_hash, capacity)
     values ($1, $2, $3, $4, coalesce($5, 1))
     on conflict (username) do update set name = excluded.name,
       password_hash = coalesce(excluded.password_hash, agents.password_hash),
       capacity = greatest(excluded.capacity, agents.load)
       where agents.site_id = excluded.site_id
     returning id`,
    [siteId, username, name, hash, capacity ?? null],
  );
  const id = rows[0]?.id;
  if (id === undefined) {
    throw new ProvisionError(`The username "${username}" belongs to an agent of another site.`);
  }
  if (hash !== null) await tx.query('delete from agent_sessions where agent_id = $1', [id]);
  await tx.query(
    `with kept as (
       insert into agent_groups (agent_id, site_id, group_id) select $1, $2, unnest($3::text[])
       on conflict do nothing)
     delete from agent_groups where agent_id = $1 and not group_id = any ($3::text[])`,
    [id, siteId, groups],
  );
}
