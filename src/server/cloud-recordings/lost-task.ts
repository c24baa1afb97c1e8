import type { Queryable } from '../database/database.ts';

/** Tasks of one recording in five minutes. More end as soon as they begin, and another would, too. */
const MAX_TASKS = 5;

const LOST = `update cloud_recordings set wanted = false where id = $1 and wanted returning recording_id`;

// If there are too many, nothing is heard any more: the sweep tells everybody, and the site's rule decides.
const AGAIN = `
with recording as (
  update recordings r set heard_at = clock_timestamp() where r.id = $1 returning r.id, r.call_id),
another as (
  insert into cloud_recordings (recording_id, room)
  select r.id, c.room from recording r join calls c on c.id = r.call_id
   where c.state = 'connected' and c.room is not null
     and (select count(*) from cloud_recordings o
           where o.recording_id = r.id and o.created_at > now() - interval '5 minutes') < ${MAX_TASKS}
  returning id)
select order_cloud_recording(id) from another`;

/** TRTC has ended a task that should go on. Another task goes on with the recording. */
export async function resumeElsewhere(tx: Queryable, id: string): Promise<void> {
  const { rows } = await tx.query<{ recording_id: string | null }>(LOST, [id]);
  const recording = rows[0]?.recording_id;
  if (recording) await tx.query(AGAIN, [recording]);
}
