import type { RetentionPeriods } from '../../protocol/rest/retention.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import { changeConfiguration, type ChangedBy } from '../configuration/change-configuration.ts';
import type { Database, Queryable } from '../database/database.ts';

const READ = `
select chat_days as "chatDays", picture_days as "pictureDays",
       recording_days as "recordingDays", call_days as "callDays", audit_days as "auditDays"
  from sites where id = $1`;

export async function readRetention(db: Queryable, siteId: string): Promise<RetentionPeriods> {
  const { rows } = await db.query<RetentionPeriods>(READ, [siteId]);
  if (!rows[0]) throw new Error('The site is gone.');
  return rows[0];
}

const WRITE = `
update sites
   set chat_days = coalesce($2, chat_days), picture_days = coalesce($3, picture_days),
       call_days = coalesce($4, call_days), audit_days = coalesce($5, audit_days),
       recording_days = coalesce($6, recording_days)
 where id = $1`;

/** What is not given stays as it is. */
export async function writeRetention(
  db: Queryable,
  siteId: string,
  { chatDays, pictureDays, recordingDays, callDays, auditDays }: Partial<RetentionPeriods>,
): Promise<void> {
  await db.query(WRITE, [
    siteId,
    chatDays ?? null,
    pictureDays ?? null,
    callDays ?? null,
    auditDays ?? null,
    recordingDays ?? null,
  ]);
}

/** The same by the owner, with a row in the security log. Rejects with `precondition-failed`. */
export async function changeRetention(
  db: Database,
  by: ChangedBy,
  { version, periods }: { readonly version: string; readonly periods: Partial<RetentionPeriods> },
): Promise<readonly AuditReceipt[]> {
  const { receipts } = await changeConfiguration<RetentionPeriods>(db, by, {
    version,
    read: (tx) => readRetention(tx, by.siteId),
    write: (tx) => writeRetention(tx, by.siteId, periods),
  });
  return receipts;
}
