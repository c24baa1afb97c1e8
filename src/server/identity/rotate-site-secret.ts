import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';
import { siteSecret } from './site-secret.ts';

export interface RotatedSecret {
  readonly secret: string;
  /** Until when the secret before still counts, ms since 1970. */
  readonly previousUntil: number;
  readonly receipt: AuditReceipt;
}

const ROTATE = `
update sites set secret_version = secret_version + 1, previous_secret_until = now() + make_interval(secs => $2)
 where id = $1
returning secret_version, (extract(epoch from previous_secret_until) * 1000)::float8 as until`;

/**
 * Gives the site a new secret. The previous secret stays valid for `overlapSeconds`, so that the site's backend can be
 * changed in this time. Older secrets are no longer valid. Null: there is no such site.
 */
export async function rotateSiteSecret(
  database: Database,
  key: Uint8Array,
  {
    site,
    overlapSeconds,
    actor,
  }: { readonly site: string; readonly overlapSeconds: number; readonly actor: AuditActor },
): Promise<RotatedSecret | null> {
  const rotated = await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ secret_version: number; until: number }>(ROTATE, [
      site,
      overlapSeconds,
    ]);
    const [row] = rows;
    if (!row) return null;
    const after = { version: row.secret_version, overlapSeconds };
    const type = 'secret-rotated';
    const receipt = await writeAudit(tx, { site, type, actor, address: null, after });
    return { ...row, receipt };
  });
  if (!rotated) return null;
  database.wake.notify(`secret:${site}`);
  const { secret_version: version, until, receipt } = rotated;
  return { secret: siteSecret(key, site, version), previousUntil: until, receipt };
}
