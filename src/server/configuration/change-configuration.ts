import { isDeepStrictEqual } from 'node:util';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { requireVersion } from './version.ts';

/** Who changes the configuration, and of which site. */
export interface ChangedBy {
  readonly siteId: string;
  readonly actor: AuditActor;
  readonly address: string | null;
}

export interface ConfigurationChange<T extends object> {
  /** For the security log, for example `group:sales`. Default: the site itself. */
  readonly subject?: string;
  /** What is set, without secrets; null: there is no such thing. It is the value whose version clients compare. */
  read(tx: Queryable): Promise<T | null>;
  /** Whether the caller may change this one. Rejects if not. It is asked before the version is compared. */
  allow?(tx: Queryable, before: T): Promise<void>;
  /** The version that the caller has read. Undefined: the change makes the thing. */
  readonly version?: string;
  /** Resolves to further receipts of the security log, if it writes there. */
  write(tx: Queryable, before: T | null): Promise<readonly AuditReceipt[] | void>;
}

export interface Changed<T> {
  /** Null: it was deleted. */
  readonly after: T | null;
  readonly receipts: readonly AuditReceipt[];
}

/** Changes of one site's configuration go one after another. So a version that was compared still holds. */
export async function lockConfiguration(tx: Queryable, siteId: string): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('configuration'), hashtext($1))`, [siteId]);
}

/**
 * Makes one change of the configuration in a transaction, with a row in the security log if anything differs. Rejects
 * with `not-found`, and with `precondition-failed` if somebody else was first.
 */
export async function changeConfiguration<T extends object>(
  database: Database,
  { siteId, actor, address }: ChangedBy,
  { subject, read, allow, version, write }: ConfigurationChange<T>,
): Promise<Changed<T>> {
  return database.transaction(async (tx) => {
    await lockConfiguration(tx, siteId);
    const before = version === undefined ? null : await read(tx);
    if (version !== undefined) {
      if (!before) throw new RtcDeskError('not-found', 'Your site has no such thing.');
      await allow?.(tx, before);
      requireVersion(before, version);
    }
    const receipts = [...((await write(tx, before)) ?? [])];
    const after = await read(tx);
    const difference = differenceOf(before, after);
    if (difference) {
      const entry = { site: siteId, type: 'configuration-changed', actor, address } as const;
      receipts.push(await writeAudit(tx, { ...entry, ...(subject && { subject }), ...difference }));
    }
    return { after, receipts };
  });
}

/** The properties that differ. Null: none does. A thing that is made or deleted is told of whole. */
export function differenceOf(
  before: object | null,
  after: object | null,
): { readonly before?: object; readonly after?: object } | null {
  if (!before || !after)
    return before || after ? { ...(before && { before }), ...(after && { after }) } : null;
  const old = before as Record<string, unknown>;
  const now = after as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(old[key], now[key]),
  );
  if (keys.length === 0) return null;
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(keys.flatMap((key) => (key in from ? [[key, from[key]]] : [])));
  return { before: pick(old), after: pick(now) };
}
