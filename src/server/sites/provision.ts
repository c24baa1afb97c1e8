import { notifyDisabled } from '../agents/disable-agents.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { writeRetention } from '../retention/retention-periods.ts';
import { siteSecret } from '../identity/site-secret.ts';
import { closeMissingSites, readOtherSites } from './close-missing-sites.ts';
import { configurationChange, readConfiguration } from './site-configuration.ts';
import { writeFlows } from './provision-flows.ts';
import { hashPasswords, writeAgents, type HashedAgent } from './provision-agents.ts';
import type { ProvisionFile, ProvisionSite } from './provision-file.ts';

/** A site as it is now, and the secret with which its backend signs. */
export interface ProvisionedSite {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

export interface ProvisionOptions {
  /** Who provisions. Default: the server itself. */
  readonly actor?: AuditActor;
  /** The passwords are the demo's: they work from the server's own machine only. */
  readonly demoPasswords?: boolean;
  /** Closes the sites that the file does not name. Default: they stay as they are. */
  readonly closeMissingSites?: boolean;
}

export interface Provisioned {
  readonly sites: readonly ProvisionedSite[];
  /** Sites that the file does not name and that were closed. */
  readonly closed: readonly string[];
  /** Sites that the file does not name and that are open. */
  readonly others: readonly string[];
  /** For `logAudit`. */
  readonly receipts: readonly AuditReceipt[];
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

/**
 * Writes sites, groups and agents as the file says, all of it or nothing. Doing it again changes nothing. An agent
 * whom the file does not name is disabled; one whose password it changes or takes away has no sessions any more.
 * Groups and sites that it does not name stay as they are, because calls may refer to them.
 */
export async function provision(
  db: Database,
  key: Uint8Array,
  { sites }: ProvisionFile,
  options: ProvisionOptions = {},
): Promise<Provisioned> {
  const { actor = { kind: 'system' } } = options;
  const agents = new Map<string, HashedAgent[]>();
  for (const site of sites) agents.set(site.id, await hashPasswords(db, site));
  const ids = sites.map(({ id }) => id);
  const { signedOut, disabled, ...provisioned } = await db.transaction(async (tx) => {
    const written: ProvisionedSite[] = [];
    const receipts: AuditReceipt[] = [];
    const ended = { disabled: [] as string[], signedOut: [] as string[] };
    for (const site of sites) {
      const before = await readConfiguration(tx, site.id);
      const version = await writeSite(tx, site);
      receipts.push(...(await writeFlows(tx, site, actor)));
      const changed = await writeAgents(
        tx,
        site.id,
        agents.get(site.id) ?? [],
        options.demoPasswords ?? false,
      );
      ended.disabled.push(...changed.disabled);
      ended.signedOut.push(...changed.passwordChanged);
      written.push({ id: site.id, name: site.name, secret: siteSecret(key, site.id, version) });
      const entry = { site: site.id, actor, address: null };
      const change = configurationChange(before, await readConfiguration(tx, site.id));
      if (change) receipts.push(await writeAudit(tx, { ...entry, type: 'provisioned', ...change }));
      for (const [type, agentIds] of [
        ['agent-disabled', changed.disabled],
        ['agent-enabled', changed.enabled],
        ['password-reset', changed.passwordChanged],
      ] as const) {
        for (const id of agentIds) {
          receipts.push(await writeAudit(tx, { ...entry, type, subject: `agent:${id}` }));
        }
      }
    }
    const closing = options.closeMissingSites ? await closeMissingSites(tx, ids, actor) : null;
    return {
      sites: written,
      closed: closing?.sites ?? [],
      others: await readOtherSites(tx, ids),
      receipts: [...receipts, ...(closing?.receipts ?? [])],
      disabled: [...ended.disabled, ...(closing?.disabled ?? [])],
      signedOut: ended.signedOut,
    };
  });
  await notifyOf(db, sites);
  db.wake.notify(...signedOut.map((id) => `sessions:${id}` as const));
  db.wake.notify(...provisioned.closed.map((id) => `secret:${id}` as const));
  await notifyDisabled(db, disabled);
  return provisioned;
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
  await tx.query('update sites set request_hosts = $2 where id = $1', [
    site.id,
    site.requestHosts ?? [],
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
