import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { RecordingFolder } from './recording-folder.ts';

// While no server ran, nobody could be heard.
const SILENT = `
with silent as materialized (
  select c.id, c.site_id, c.group_id, c.room from recordings r join calls c on c.id = r.call_id
   where r.state = 'recording' and c.state = 'connected' and service_is_up(${timeouts.gap})
     and r.heard_at < now() - make_interval(secs => ${timeouts.recordingSilent})
     for no key update of c skip locked),
failed as (
  update recordings r
     set state = 'failed', state_since = clock_timestamp(), stopped_at = clock_timestamp(), failure = 'nothing-heard'
    from silent s where r.call_id = s.id and r.state = 'recording'
  returning r.call_id),
logged as materialized (
  select log_call_event(f.call_id, 'recording-failed', 'system', null, '{"reason": "nothing-heard"}') from failed f)
select s.id as call_id, s.site_id, s.group_id, s.room,
       array(select l.agent_id::text from legs l where l.call_id = s.id and l.state = 'joined') as agent_ids
  from silent s, (select count(*) from logged) l`;

const HEARD_AGAIN = `
with heard as materialized (
  select c.id, c.site_id, c.group_id, c.room from recordings r join calls c on c.id = r.call_id
   where r.state = 'failed' and r.failure = 'nothing-heard' and c.state = 'connected' and r.heard_at > r.state_since
     for no key update of c skip locked),
resumed as (
  update recordings r
     set state = 'recording', state_since = clock_timestamp(), stopped_at = null, failure = null
    from heard h where r.call_id = h.id and r.state = 'failed'
  returning r.call_id),
logged as materialized (
  select log_call_event(r.call_id, 'recording-resumed', 'system', null, '{}') from resumed r)
select h.id as call_id, h.site_id, h.group_id, h.room,
       array(select l.agent_id::text from legs l where l.call_id = h.id and l.state = 'joined') as agent_ids
  from heard h, (select count(*) from logged) l`;

// A browser without network comes back: only then its silence ends the call.
const GIVEN_UP = `
select c.id as call_id, c.epoch from recordings r join calls c on c.id = r.call_id
 where r.state = 'failed' and r.failure = 'nothing-heard' and c.state = 'connected'
   and r.rule ->> 'onFailure' = 'end' and r.state_since < now() - make_interval(secs => ${timeouts.recordingGivenUp})`;

/**
 * Tells of recordings of which nothing arrives, and of those that go on. Where the site does not let a call go on without
 * its recording, it ends a call whose recording has been silent for a minute.
 */
export async function sweepRecordings(db: Database): Promise<void> {
  for (const statement of [SILENT, HEARD_AGAIN]) {
    const { rows } = await db.query<CallChange>(statement, []);
    notifyCalls(db, rows);
  }
  const { rows } = await db.query<{ call_id: string; epoch: number }>(GIVEN_UP, []);
  await endCalls(
    db,
    rows.map(({ call_id: callId, epoch }) => ({
      callId,
      epoch,
      agentId: null,
      reason: 'recording-failed',
      actor: 'system',
    })),
  );
}

interface Deletion {
  readonly recording_id: string;
  readonly what: 'folder' | 'segments';
  /** Whether there are files that can be played. */
  readonly ready: boolean;
  /** Those that are not in the object store. */
  readonly kept: readonly string[];
}

const DUE = `
select d.recording_id, d.what,
       exists (select from recording_files f where f.recording_id = d.recording_id) as ready,
       array(select f.name from recording_files f
              where f.recording_id = d.recording_id and f.moved_at is null) as kept
  from recording_deletions d where d.due_at <= now() order by d.due_at limit 1 for update skip locked`;

/** Deletes the next files whose time is over. Resolves to whether there were any. */
export async function deleteRecordingFiles(
  db: Database,
  folder: RecordingFolder,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<Deletion>(DUE, []);
    const [due] = rows;
    if (!due) return false;
    const { recording_id: id, what, ready, kept } = due;
    // Without files the recording is gone, and its folder goes as a whole.
    if (what === 'folder') await folder.delete(id);
    else if (ready) await folder.delete(id, kept);
    await tx.query('delete from recording_deletions where recording_id = $1 and what = $2', [
      id,
      what,
    ]);
    return true;
  });
}
