import { RtcDeskError } from '../../protocol/errors.ts';
import type { OwnErasure } from '../../protocol/rest/own-call.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { signCertificate } from '../retention/erasure-certificate.ts';
import { readErasureOfCall } from '../retention/erasure.ts';
import { requestErasure } from '../retention/request-erasure.ts';

const SITE = 'select site_id as site from calls where id = $1';

/**
 * The visitor of a call orders its erasure, which any node then carries out. The same order again is the same job.
 * Resolves to the row of the security log; null for an order that was given before. Rejects with `not-found` if the
 * call was deleted.
 */
export async function orderOwnErasure(db: Database, callId: string): Promise<AuditReceipt | null> {
  const { rows } = await db.query<{ site: string }>(SITE, [callId]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'This call was deleted.');
  const { receipt } = await requestErasure(db, {
    siteId: rows[0].site,
    kind: 'call',
    subject: callId,
    requestedBy: 'visitor',
    actor: { kind: 'visitor' },
    // The log would keep it for years, and of somebody who wants nothing to be kept.
    address: null,
  });
  return receipt;
}

/**
 * How far the erasure of a call is, with its certificate, also after the call is gone. Rejects with `not-found` if nobody
 * has ordered one.
 */
export async function readOwnErasure(
  db: Queryable,
  key: Uint8Array,
  callId: string,
): Promise<OwnErasure> {
  const found = await readErasureOfCall(db, callId);
  if (!found) throw new RtcDeskError('not-found', 'Nobody has asked to erase this call.');
  const { siteId, erasure } = found;
  const { id, requestedAt, finishedAt } = erasure;
  return {
    id,
    requestedAt,
    finishedAt,
    certificate: finishedAt === null ? null : await signCertificate(key, siteId, erasure),
  };
}
