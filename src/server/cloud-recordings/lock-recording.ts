import type { Queryable } from '../database/database.ts';

const LOCK = `
select from recordings where id = (select recording_id from cloud_recordings where id = $1) for no key update`;

/** Locks the recording of a task. A transaction that changes both locks the recording first, as the end of a call does. */
export async function lockRecording(tx: Queryable, id: string): Promise<void> {
  await tx.query(LOCK, [id]);
}
