import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { logAudit } from '../audit/log-audit.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { CallChange } from '../calls/call-change.ts';
import type { Database, Queryable } from '../database/database.ts';
import { deleteCalls, notifyDeletedCalls } from './delete-calls.ts';
import type { ErasureSubject } from './erasure.ts';
import { countRows, readSubjectCalls } from './subject-calls.ts';

/** Calls that one step deletes. */
const STEP_CALLS = 20;
/** How long a job waits, in seconds, before it looks again: for the end of a live call or hold, or for files. */
const WAIT_SECONDS = 5;

interface Job {
  readonly id: string;
  readonly site_id: string;
  readonly kind: ErasureSubject['kind'];
  readonly subject: string;
  readonly digest: string;
}

const NEXT_JOB = `
select id, site_id, kind, subject, digest from erasures
 where finished_at is null and due_at <= now()
 order by due_at, id limit 1 for update skip locked`;

const ADD = `
update erasures
   set calls = calls + $2, legs = legs + $3, events = events + $4, rooms = rooms + $5,
       participants = participants + $6, messages = messages + $7, pictures = pictures + $8, ratings = ratings + $9,
       consents = consents + $10, digest = $11, recordings = recordings + $12, captions = captions + $13,
       device_reports = device_reports + $14
 where id = $1`;

/**
 * Carries out one step of the next erasure: deletes some calls, or finishes the job. Resolves to whether there may be
 * more to do at once. A step is one transaction with its counts, so a job survives a kill at any moment, and any node
 * goes on with it.
 */
export async function carryOutErasures(
  db: Database,
  logger: Pick<Logger, 'info'>,
): Promise<boolean> {
  const step = await db.transaction(async (tx) => {
    // If a call is requested at the same time, this transaction fails and starts again.
    await tx.query('set transaction isolation level repeatable read');
    const job = (await tx.query<Job>(NEXT_JOB, [])).rows[0];
    return job ? carryOut(tx, job) : null;
  });
  if (!step) return false;
  notifyDeletedCalls(db, step.deleted);
  if (step.receipt) logAudit(logger, step.receipt);
  return true;
}

interface Step {
  readonly deleted: readonly CallChange[];
  /** Whether this step has finished the job. */
  readonly receipt: AuditReceipt | null;
}

async function carryOut(tx: Queryable, job: Job): Promise<Step> {
  const { id, site_id: siteId, kind, subject } = job;
  const calls = await readSubjectCalls(tx, { siteId, kind, subject }, STEP_CALLS);
  // Calls are deleted in the order of their requests, which the digest needs. So the calls after one that is live, or has
  // a legal hold, wait for it.
  const blocked = calls.findIndex(({ live, held }) => live || held);
  const free = calls.slice(0, blocked === -1 ? undefined : blocked).map((call) => call.id);
  if (free.length > 0) return { deleted: await deleteAndCount(tx, job, free), receipt: null };
  if (blocked === -1 && !(await hasFilesToDelete(tx, id))) {
    return { deleted: [], receipt: await finish(tx, job) };
  }
  await postpone(tx, id);
  return { deleted: [], receipt: null };
}

async function deleteAndCount(
  tx: Queryable,
  { id, digest }: Job,
  callIds: readonly string[],
): Promise<readonly CallChange[]> {
  // The trigger that lists the files to delete reads it (21-recordings.sql).
  await tx.query(`select set_config('rtc_desk.erasure', $1, true)`, [id]);
  const counts = await countRows(tx, callIds);
  const deleted = await deleteCalls(tx, callIds);
  await tx.query(ADD, [
    id,
    counts.calls,
    counts.legs,
    counts.events,
    counts.rooms,
    counts.participants,
    counts.messages,
    counts.pictures,
    counts.ratings,
    counts.consents,
    callIds.reduce(extendDigest, digest),
    counts.recordings,
    counts.captions,
    counts.deviceReports,
  ]);
  return deleted;
}

/** The certificate says that the files are gone, so it waits for that. */
async function hasFilesToDelete(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from recording_deletions where erasure_id = $1
       union all select from recording_object_deletions where erasure_id = $1
       union all select from cloud_recordings where erasure_id = $1 limit 1`,
    [id],
  );
  return rowCount > 0;
}

function extendDigest(digest: string, callId: string): string {
  return createHash('sha256')
    .update(digest + callId)
    .digest('hex');
}

async function postpone(tx: Queryable, id: string): Promise<void> {
  await tx.query('update erasures set due_at = now() + make_interval(secs => $2) where id = $1', [
    id,
    WAIT_SECONDS,
  ]);
}

const FINISH = `
update erasures set finished_at = clock_timestamp(), subject = null where id = $1
returning kind, subject_hash as "subjectHash", calls, messages, pictures, ratings, consents,
          device_reports as "deviceReports", captions, recordings, digest`;

async function finish(tx: Queryable, { id, site_id, kind, subject }: Job): Promise<AuditReceipt> {
  if (kind === 'visitor') {
    await tx.query('delete from visitors where site_id = $1 and external_id = $2', [
      site_id,
      subject,
    ]);
  }
  const { rows } = await tx.query<object>(FINISH, [id]);
  return writeAudit(tx, {
    site: site_id,
    type: 'erased',
    actor: { kind: 'system' },
    address: null,
    subject: `erasure:${id}`,
    after: rows[0] ?? {},
  });
}
