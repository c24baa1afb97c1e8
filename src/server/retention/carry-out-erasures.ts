import { createHash } from 'node:crypto';
import type { CallChange } from '../calls/call-change.ts';
import type { Database, Queryable } from '../database/database.ts';
import { deleteCalls, notifyDeletedCalls } from './delete-calls.ts';
import type { ErasureSubject } from './erasure.ts';
import { countRows, readSubjectCalls } from './subject-calls.ts';

/** Calls that one step deletes. */
const STEP_CALLS = 20;
/** How long a job waits for the end of a live call, in seconds, before it looks again. */
const LIVE_CALL_SECONDS = 5;

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
       participants = participants + $6, messages = messages + $7, pictures = pictures + $8, digest = $9
 where id = $1`;

/**
 * Carries out one step of the next erasure: deletes some calls, or finishes the job. Resolves to whether there may be
 * more to do at once. A step is one transaction with its counts, so a job survives a kill at any moment, and any node
 * goes on with it.
 */
export async function carryOutErasures(db: Database): Promise<boolean> {
  const step = await db.transaction(async (tx) => {
    // A call that is requested meanwhile makes this transaction start again.
    await tx.query('set transaction isolation level repeatable read');
    const job = (await tx.query<Job>(NEXT_JOB, [])).rows[0];
    return job ? carryOut(tx, job) : null;
  });
  if (!step) return false;
  notifyDeletedCalls(db, step);
  return true;
}

/** Resolves to the deleted calls. */
async function carryOut(tx: Queryable, job: Job): Promise<readonly CallChange[]> {
  const { id, site_id: siteId, kind, subject } = job;
  const calls = await readSubjectCalls(tx, { siteId, kind, subject }, STEP_CALLS);
  // In the order of their requests, as the digest promises. So nothing behind a live call is deleted before it.
  const firstLive = calls.findIndex(({ live }) => live);
  const ended = calls.slice(0, firstLive === -1 ? undefined : firstLive).map((call) => call.id);
  if (ended.length > 0) return deleteAndCount(tx, job, ended);
  if (firstLive !== -1) await postpone(tx, id);
  else await finish(tx, job);
  return [];
}

async function deleteAndCount(
  tx: Queryable,
  { id, digest }: Job,
  callIds: readonly string[],
): Promise<readonly CallChange[]> {
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
    callIds.reduce(extendDigest, digest),
  ]);
  return deleted;
}

function extendDigest(digest: string, callId: string): string {
  return createHash('sha256')
    .update(digest + callId)
    .digest('hex');
}

async function postpone(tx: Queryable, id: string): Promise<void> {
  await tx.query('update erasures set due_at = now() + make_interval(secs => $2) where id = $1', [
    id,
    LIVE_CALL_SECONDS,
  ]);
}

async function finish(tx: Queryable, { id, site_id, kind, subject }: Job): Promise<void> {
  if (kind === 'visitor') {
    await tx.query('delete from visitors where site_id = $1 and external_id = $2', [
      site_id,
      subject,
    ]);
  }
  await tx.query(
    'update erasures set finished_at = clock_timestamp(), subject = null where id = $1',
    [id],
  );
}
