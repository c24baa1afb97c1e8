import { disableAgents } from '../agents/disable-agents.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';

export interface ClosedSites {
  readonly sites: readonly string[];
  readonly disabled: readonly string[];
  readonly receipts: readonly AuditReceipt[];
}

/** The sites that have not been closed yet. */
const READ_OTHERS = `
select s.id from sites s
 where not s.id = any ($1::text[])
   and (s.origins <> '{}' or s.crm_origins <> '{}'
        or exists (select from agents a where a.site_id = s.id and a.disabled_at is null))
 order by s.id`;

/** Without origins no page may call, and with a new secret no token of the site's backend counts. */
const CLOSE = `
update sites set origins = '{}', crm_origins = '{}', secret_version = secret_version + 1, previous_secret_until = null
 where id = $1`;

/** Sites that are open and that the file does not name. */
export async function readOtherSites(tx: Queryable, named: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(READ_OTHERS, [named]);
  return rows.map(({ id }) => id);
}

/** Closes every site that the file does not name: nobody signs in or calls there. Its records stay. */
export async function closeMissingSites(
  tx: Queryable,
  named: readonly string[],
  actor: AuditActor,
): Promise<ClosedSites> {
  const sites = await readOtherSites(tx, named);
  const disabled: string[] = [];
  const receipts: AuditReceipt[] = [];
  for (const site of sites) {
    await tx.query(CLOSE, [site]);
    const { rows } = await tx.query<{ id: string }>('select id from agents where site_id = $1', [
      site,
    ]);
    disabled.push(
      ...(await disableAgents(
        tx,
        rows.map(({ id }) => id),
      )),
    );
    const after = { closed: true };
    receipts.push(await writeAudit(tx, { site, type: 'provisioned', actor, address: null, after }));
  }
  return { sites, disabled, receipts };
}
