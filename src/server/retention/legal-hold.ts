import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';

interface By {
  readonly siteId: string;
  readonly callId: string;
  /** For the record, for example `owner olivia`. */
  readonly name: string;
  readonly actor: AuditActor;
  readonly address: string | null;
}

// Locks the call: a retention that has begun to delete it is over first.
const CALL = 'select from calls where id = $1 and site_id = $2 for update';
const SET = `
insert into legal_holds (call_id, reason, held_by) values ($1, $2, $3)
on conflict (call_id) do update set reason = $2, held_by = $3, held_at = now()`;

/**
 * Sets a legal hold, or another reason for it; null lifts it. While it is set neither retention nor an erasure deletes
 * anything of the call. Rejects with `not-found`.
 */
export async function changeLegalHold(
  db: Database,
  { siteId, callId, name, actor, address }: By,
  reason: string | null,
): Promise<AuditReceipt> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(CALL, [callId, siteId]);
    if (rowCount === 0) throw new RtcDeskError('not-found', 'Your site has no such call.');
    if (reason === null) await tx.query('delete from legal_holds where call_id = $1', [callId]);
    else await tx.query(SET, [callId, reason.trim(), name]);
    return writeAudit(tx, {
      site: siteId,
      type: reason === null ? 'legal-hold-lifted' : 'legal-hold-set',
      actor,
      address,
      subject: `call:${callId}`,
      ...(reason !== null && { after: { reason } }),
    });
  });
}
