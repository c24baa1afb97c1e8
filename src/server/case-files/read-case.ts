import { RtcDeskError } from '../../protocol/errors.ts';
import type { CallRecord, Transcript } from '../../protocol/rest/calls.ts';
import type { Recording } from '../../protocol/rest/recordings.ts';
import { readCallRecord, type CallScope } from '../calls/call-record.ts';
import { readTranscript } from '../calls/transcript.ts';
import type { Queryable } from '../database/database.ts';
import { listRecordings, readRecording } from '../recordings/list-recordings.ts';

/** What a case file is made of. Pictures and the recording's files are read while it is sent. */
export interface Case {
  readonly call: CallRecord;
  readonly transcript: Transcript;
  /** The ids of all pictures of the conversation. */
  readonly pictures: readonly string[];
  /** What an agent drew last on somebody's picture. */
  readonly drawing: object | null;
  readonly recording: Recording | null;
}

const PICTURES = `
select i.id from images i join calls c on c.room = i.room where c.id = $1 order by i.created_at, i.id`;

const DRAWING = `
select json_build_object(
         'on', json_build_object('role', p.role, 'name', p.name, 'source', d.source, 'picture', d.still),
         'marks', d.marks) as drawing
  from drawings d join calls c on c.room = d.room join participants p on p.id = d.participant_id
 where c.id = $1 and jsonb_array_length(d.marks) > 0`;

/** A recording in one of these states does not change any more. */
const FINAL: readonly Recording['state'][] = ['ready', 'failed', 'refused'];

/**
 * Null if there is no such call in the scope. Rejects with `conflict` while the call goes on, or its recording is not
 * finished: what is still to come would be missing.
 */
export async function readCase(db: Queryable, scope: CallScope, id: string): Promise<Case | null> {
  const call = await readCallRecord(db, scope, id);
  const transcript = await readTranscript(db, scope, id);
  if (!call || !transcript) return null;
  if (call.state !== 'ended') throw new RtcDeskError('conflict', 'The call has not ended.');
  const { items } = await listRecordings(db, scope, { call: id }, { limit: 1 });
  const recording = (items[0] && (await readRecording(db, scope, items[0].id))) ?? null;
  if (recording && !FINAL.includes(recording.state)) {
    throw new RtcDeskError('conflict', 'The recording of the call is not finished.');
  }
  const pictures = await db.query<{ id: string }>(PICTURES, [id]);
  const drawings = await db.query<{ drawing: object }>(DRAWING, [id]);
  return {
    call,
    transcript,
    pictures: pictures.rows.map((row) => row.id),
    drawing: drawings.rows[0]?.drawing ?? null,
    recording,
  };
}
