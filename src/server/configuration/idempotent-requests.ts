import { createHash } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { Queryable } from '../database/database.ts';

/** A request with an Idempotency-Key. `caller`: see Caller.id. */
export interface IdempotentRequest {
  readonly siteId: string;
  readonly caller: string;
  readonly key: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly answer: string;
  readonly etag: string | null;
}

const BEGIN = `
insert into idempotent_requests as r (site_id, caller, key, request_hash) values ($1, $2, $3, $4)
on conflict (site_id, caller, key) do update set
  request_hash = excluded.request_hash, status = null, answer = null, etag = null, created_at = now()
 where r.created_at < now() - interval '1 day'`;

const READ = `
select request_hash as hash, status, answer, etag from idempotent_requests
 where site_id = $1 and caller = $2 and key = $3`;

/**
 * Begins a request. Resolves to the answer of the same request before; null: it is new. `what`: the address and the
 * body. Rejects with `idempotency-mismatch` for another request with this key, and with `conflict` while the answer is
 * not there: the first request is under way, its node died, or its answer held a secret.
 */
export async function beginIdempotent(
  db: Queryable,
  { siteId, caller, key }: IdempotentRequest,
  what: string,
): Promise<StoredAnswer | null> {
  const hash = createHash('sha256').update(what).digest();
  const { rowCount } = await db.query(BEGIN, [siteId, caller, key, hash]);
  if (rowCount > 0) return null;
  const { rows } = await db.query<{ hash: Uint8Array } & Partial<StoredAnswer>>(READ, [
    siteId,
    caller,
    key,
  ]);
  const [found] = rows;
  if (found && !hash.equals(found.hash)) {
    throw new RestError(
      'idempotency-mismatch',
      'This Idempotency-Key was used for another request.',
    );
  }
  if (!found?.status || !found.answer) {
    throw new RtcDeskError(
      'conflict',
      'A request with this Idempotency-Key was made. See what it made.',
    );
  }
  return { status: found.status, answer: found.answer, etag: found.etag ?? null };
}

/** Stores the answer of a request that made something. */
export async function finishIdempotent(
  db: Queryable,
  { siteId, caller, key }: IdempotentRequest,
  { status, answer, etag }: StoredAnswer,
): Promise<void> {
  await db.query(
    `update idempotent_requests set status = $4, answer = $5, etag = $6
      where site_id = $1 and caller = $2 and key = $3`,
    [siteId, caller, key, status, answer, etag],
  );
}

/** A request that failed made nothing: it may be sent again. */
export async function dropIdempotent(
  db: Queryable,
  { siteId, caller, key }: IdempotentRequest,
): Promise<void> {
  await db.query(
    'delete from idempotent_requests where site_id = $1 and caller = $2 and key = $3',
    [siteId, caller, key],
  );
}

/** Keys of more than a day ago. */
export async function deleteOldIdempotent(db: Queryable): Promise<void> {
  await db.query(`delete from idempotent_requests where created_at < now() - interval '1 day'`, []);
}
