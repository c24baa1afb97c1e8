import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { ObjectStore } from '../object-storage/object-store.ts';
import { failureOf, storagePause } from './storage-failure.ts';

export interface DeleteContext {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly logger: Pick<Logger, 'warn'>;
  /** Ends the requests when the node stops. */
  readonly signal?: AbortSignal | undefined;
}

interface DueDeletion {
  readonly id: string;
  readonly address: string;
  readonly upload_id: string | null;
  readonly attempts: number;
  /** A file of a recording is there, or is being moved there. */
  readonly used: boolean;
}

// No transaction is open during the requests. A node that dies leaves the row, which is due again later: what is deleted
// twice is gone as well.
const CLAIM = `
update recording_object_deletions d
   set attempts = d.attempts + 1, due_at = now() + interval '5 minutes'
 where d.id = (select n.id from recording_object_deletions n where n.due_at <= now()
                order by n.due_at limit 1 for update skip locked)
returning d.id, d.address, d.upload_id, d.attempts,
          exists (select from recording_files f where f.address = d.address) as used`;

const POSTPONE = `
update recording_object_deletions set failure = $2, due_at = now() + ${storagePause('attempts')} where id = $1`;

/**
 * Deletes the next object whose time is over. Resolves to whether there was one and the store has confirmed it. Until
 * then the row stays, and with it the erasure that waits for it.
 */
export async function deleteNextObject(context: DeleteContext): Promise<boolean> {
  const { database, objects, logger, signal } = context;
  const { rows } = await database.query<DueDeletion>(CLAIM, []);
  if (!rows[0]) return false;
  const { id, address, upload_id: uploadId, attempts, used } = rows[0];
  try {
    if (uploadId !== null) await objects.abort(address, uploadId, signal);
    if (!used) await objects.delete(address, signal);
  } catch (error) {
    if (signal?.aborted) return false;
    const failure = failureOf(error);
    logger.warn({ err: error, attempts, failure }, 'a recording was not deleted');
    await database.query(POSTPONE, [id, failure]);
    return false;
  }
  await database.query('delete from recording_object_deletions where id = $1', [id]);
  return true;
}

/** An upload that is younger may be one whose id is just being stored. */
const MIN_UPLOAD_AGE_MS = 24 * 3_600_000;
const IS_KNOWN = `
select from recording_files where upload_id = $1
 union all select from recording_object_deletions where upload_id = $1 limit 1`;

/** Aborts the uploads of which no row tells: those of a node that died between their begin and its commit. */
export async function abortUnknownUploads(
  { database, objects, signal }: DeleteContext,
  destination: string,
  now = Date.now(),
): Promise<number> {
  let aborted = 0;
  for await (const { address, uploadId, begunAt } of objects.listUploads(destination, signal)) {
    if (begunAt > now - MIN_UPLOAD_AGE_MS) continue;
    const { rowCount } = await database.query(IS_KNOWN, [uploadId]);
    if (rowCount > 0) continue;
    await objects.abort(address, uploadId, signal);
    aborted += 1;
  }
  return aborted;
}
