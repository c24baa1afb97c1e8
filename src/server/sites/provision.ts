import { notifyDisabled } from '../agents/disable-agents.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { siteSecret } from '../identity/site-secret.ts';
import { closeMissingSites, readOtherSites } from './close-missing-sites.ts';
import {
  partsChange,
  readConfiguration,
  readParts,
  type ConfigurationParts,
} from './read-configuration.ts';
import { lockConfiguration } from '../configuration/change-configuration.ts';
import { requireVersion } from '../configuration/version.ts';
import type { SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { writeSite } from './write-site.ts';
import { writeFlows } from './provision-flows.ts';
import { hashPasswords, writeAgents, type HashedAgent } from './provision-agents.ts';
import type { ProvisionFile } from './provision-file.ts';

/** A site as it is now, and the secret with which its backend signs. */
export interface ProvisionedSite {
  readonly id: string;
  readonly name: string;
  readonly secret: string;
}

export interface ProvisionOptions {
  /** Who provisions. Default: the server itself. */
  readonly actor?: AuditActor;
  /** From which address; null: not over the network. */
  readonly address?: string | null;
  /** The version of the file's only site that the caller has read. Default: any. */
  readonly version?: string;
  /** Only tells what would change. */
  readonly dryRun?: boolean;
  /** Is asked before the commit whether the result may stay. */
  readonly check?: (tx: Queryable) => Promise<void>;
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
  /** What differs, by the site. */
  readonly changes: Readonly<
    Record<string, { before: ConfigurationParts; after: ConfigurationParts }>
  >;
  /** For `logAudit`. */
  readonly receipts: readonly AuditReceipt[];
}

/** Carries the result of a dry run out of the transaction that it rolls back. */
class DryRun extends Error {
  constructor(readonly result: Written) {
    super('a dry run');
  }
}

/** What the transaction has written. */
interface Written extends Provisioned {
  readonly disabled: readonly string[];
  /** Agents whose sessions have ended by another password. */
  readonly signedOut: readonly string[];
}

/**
 * Writes sites with all that the file names, all of it or nothing. Doing it again changes nothing. An agent whom the
 * file's list does not name is disabled; one whose password it changes or takes away has no sessions any more. Groups
 * and sites that it does not name stay as they are, because calls may refer to them. Rejects with a ProvisionError, and
 * with `precondition-failed`.
 */
export async function provision(
  db: Database,
  key: Uint8Array,
  { sites }: ProvisionFile,
  options: ProvisionOptions = {},
): Promise<Provisioned> {
  const agents = new Map<string, HashedAgent[]>();
  for (const site of sites) agents.set(site.id, await hashPasswords(db, site));
  const write = async (tx: Queryable): Promise<Written> => {
    const written = await writeSites(tx, key, sites, agents, options);
    await options.check?.(tx);
    if (options.dryRun) throw new DryRun(written);
    return written;
  };
  const { signedOut, disabled, ...provisioned } = await db
    .transaction(write)
    .catch((error: unknown) => {
      if (error instanceof DryRun) return error.result;
      throw error;
    });
  if (options.dryRun) return { ...provisioned, receipts: [] };
  await notifyOf(db, sites);
  db.wake.notify(...signedOut.map((id) => `sessions:${id}` as const));
  db.wake.notify(...provisioned.closed.map((id) => `secret:${id}` as const));
  await notifyDisabled(db, disabled);
  return provisioned;
}

async function writeSites(
  tx: Queryable,
  key: Uint8Array,
  sites: readonly SiteConfiguration[],
  agents: ReadonlyMap<string, readonly HashedAgent[]>,
  options: ProvisionOptions,
): Promise<Written> {
  const { actor = { kind: 'system' }, address = null } = options;
  const ids = sites.map(({ id }) => id);
  // In one order, so that two files do not wait for each other.
  for (const id of [...ids].sort()) await lockConfiguration(tx, id);
  const written: ProvisionedSite[] = [];
  const receipts: AuditReceipt[] = [];
  const changes: Record<string, { before: ConfigurationParts; after: ConfigurationParts }> = {};
  const ended = { disabled: [] as string[], signedOut: [] as string[] };
  for (const site of sites) {
    if (options.version !== undefined) {
      requireVersion(await readConfiguration(tx, site.id), options.version);
    }
    const before = await readParts(tx, site.id);
    const version = await writeSite(tx, site);
    receipts.push(...(await writeFlows(tx, site, { actor, address, name: 'provision file' })));
    const changed = site.agents
      ? await writeAgents(tx, site.id, agents.get(site.id) ?? [], options.demoPasswords ?? false)
      : { disabled: [], enabled: [], passwordChanged: [] };
    ended.disabled.push(...changed.disabled);
    ended.signedOut.push(...changed.passwordChanged);
    written.push({ id: site.id, name: site.name, secret: siteSecret(key, site.id, version) });
    const entry = { site: site.id, actor, address };
    const change = partsChange(before, await readParts(tx, site.id));
    if (change) {
      changes[site.id] = change;
      receipts.push(await writeAudit(tx, { ...entry, type: 'provisioned', ...change }));
    }
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
    changes,
    receipts: [...receipts, ...(closing?.receipts ?? [])],
    disabled: [...ended.disabled, ...(closing?.disabled ?? [])],
    signedOut: ended.signedOut,
  };
}

/** Wakes everybody who sees the groups and agents of these sites. */
async function notifyOf(db: Database, sites: readonly SiteConfiguration[]): Promise<void> {
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
