import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { isStorableText } from '../database/storable-text.ts';
import { subjectHash, type ErasedCounts, type ErasureSubject } from './erasure.ts';
import { countRows, readSubjectCalls } from './subject-calls.ts';

export interface ErasureCount extends ErasedCounts {
  /** Of the calls, those that are live. They are erased after their end. */
  readonly liveCalls: number;
  /** Of the calls, those with a legal hold. They are erased when it is lifted. */
  readonly heldCalls: number;
}

/** The dry run: what an erasure would delete now. Rejects with `not-found`. */
export async function countErasure(db: Queryable, order: ErasureSubject): Promise<ErasureCount> {
  const calls = await readKnownCalls(db, order);
  const counts = await countRows(
    db,
    calls.map(({ id }) => id),
  );
  return {
    ...counts,
    liveCalls: calls.filter(({ live }) => live).length,
    heldCalls: calls.filter(({ held }) => held).length,
  };
}

// The same order, while it is not finished, is one job.
const ORDER = `
with made as (
  insert into erasures (site_id, kind, subject, subject_hash, requested_by)
  values ($1, $2, $3, $4, $5)
  on conflict (site_id, kind, subject) where finished_at is null do nothing
  returning id)
select id, true as created from made
union all
select id, false from erasures
 where site_id = $1 and kind = $2 and subject = $3 and finished_at is null and not exists (select from made)`;

export interface ErasureOrder extends ErasureSubject {
  /** For the record, for example `owner olivia`. */
  readonly requestedBy: string;
  readonly actor: AuditActor;
  /** From which address; null for a command on the server's machine. */
  readonly address: string | null;
}

export interface RequestedErasure {
  readonly id: string;
  /** Null if the same order was given before and is not finished. */
  readonly receipt: AuditReceipt | null;
}

/**
 * Orders an erasure, which any node then carries out. Rejects with `not-found` if the site knows no such visitor or call.
 */
export async function requestErasure(db: Database, order: ErasureOrder): Promise<RequestedErasure> {
  await readKnownCalls(db, order);
  const { siteId, kind, subject, requestedBy, actor, address } = order;
  const hash = subjectHash(subject);
  return db.transaction(async (tx) => {
    // The second try sees the job of another request that came at the same moment.
    for (;;) {
      const { rows } = await tx.query<{ id: string; created: boolean }>(ORDER, [
        siteId,
        kind,
        subject,
        hash,
        requestedBy,
      ]);
      const [job] = rows;
      if (!job) continue;
      if (!job.created) return { id: job.id, receipt: null };
      const receipt = await writeAudit(tx, {
        site: siteId,
        type: 'erasure-ordered',
        actor,
        address,
        subject: `erasure:${job.id}`,
        after: { kind, subjectHash: hash },
      });
      return { id: job.id, receipt };
    }
  });
}

async function readKnownCalls(db: Queryable, order: ErasureSubject) {
  const { siteId, kind, subject } = order;
  const calls = isStorableText(subject) ? await readSubjectCalls(db, order) : [];
  if (calls.length === 0 && !(kind === 'visitor' && (await isVisitor(db, siteId, subject)))) {
    throw new RtcDeskError(
      'not-found',
      kind === 'call' ? 'The site has no such call.' : 'The site has no such visitor.',
    );
  }
  return calls;
}

/** Retention may have deleted all calls of a visitor who is still known. */
async function isVisitor(db: Queryable, siteId: string, externalId: string): Promise<boolean> {
  if (!isStorableText(externalId)) return false;
  const { rowCount } = await db.query(
    'select from visitors where site_id = $1 and external_id = $2',
    [siteId, externalId],
  );
  return rowCount > 0;
}
