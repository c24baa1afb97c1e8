import { createHash } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { NewSegment, SegmentEnd, StoredSegment } from '../../protocol/rest/recordings.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { RecordingFolder } from './recording-folder.ts';
import { makeRecordingKey, unwrapRecordingKey } from './recording-key.ts';
import { FRAME_OVERHEAD, sealSlice } from './slice-frames.ts';

/** A pause, a reload and another agent each begin a segment. Nobody needs so many. */
const MAX_SEGMENTS = 1_000;

const STORED = `
  s.id, s.ordinal, s.bytes::float8 as offset, encode(s.chain, 'hex') as chain, s.completed_at is not null as complete`;

/** A segment of one's own. */
export interface OwnSegment {
  readonly recordingId: string;
  readonly segmentId: string;
  readonly agentId: string;
}

const RECORDING = `
select r.id, r.wrapped_key, r.file_state = 'open' and r.started_at is not null as open,
       (select count(*)::int from recording_segments s where s.recording_id = r.id) as segments
  from recordings r join calls c on c.id = r.call_id
 where r.id = $1 and (c.ended_at is null or c.ended_at > now() - interval '24 hours')
   and exists (select from legs l where l.call_id = c.id and l.agent_id = $2 and l.joined_at is not null
                  and l.kind <> 'monitor')
   for update of r`;

// A browser's clock may be wrong: the start is moved to where it can be.
const BEGIN = `
insert into recording_segments (recording_id, id, ordinal, agent_id, mime, started_at)
select r.id, $2, $3, $4, $5,
       least(greatest(to_timestamp($6::float8 / 1000), r.started_at), coalesce(r.stopped_at, clock_timestamp()))
  from recordings r where r.id = $1`;

const FIND = `
select ${STORED} from recording_segments s where s.recording_id = $1 and s.id = $2 and s.agent_id = $3`;

/**
 * Begins a segment; the same id again answers with the same segment. Rejects with `not-found` for an agent who has not
 * joined the call, and with `conflict` where nothing is recorded, or the recording is put together already.
 */
export async function beginSegment(
  db: Database,
  serverKey: Uint8Array,
  {
    recordingId,
    agentId,
    segment,
  }: {
    readonly recordingId: string;
    readonly agentId: string;
    readonly segment: NewSegment;
  },
): Promise<{ readonly segment: StoredSegment; readonly created: boolean }> {
  return db.transaction(async (tx) => {
    interface Row {
      readonly wrapped_key: Buffer | null;
      readonly open: boolean;
      readonly segments: number;
    }
    const { rows } = await tx.query<Row>(RECORDING, [recordingId, agentId]);
    const [recording] = rows;
    if (!recording) throw notFound();
    const own = { recordingId, segmentId: segment.id, agentId };
    const before = await findSegment(tx, own);
    if (before) return { segment: before, created: false };
    if (!recording.open || recording.segments >= MAX_SEGMENTS) {
      throw new RtcDeskError('conflict', 'The recording takes no further segment.');
    }
    if (recording.wrapped_key === null) {
      const { wrapped } = makeRecordingKey(serverKey, recordingId);
      await tx.query('update recordings set wrapped_key = $2 where id = $1', [
        recordingId,
        wrapped,
      ]);
    }
    const { rowCount } = await tx.query(
      'select from recording_segments where recording_id = $1 and id = $2',
      [recordingId, segment.id],
    );
    if (rowCount > 0) throw notFound();
    await tx.query(BEGIN, [
      recordingId,
      segment.id,
      recording.segments + 1,
      agentId,
      segment.mime,
      segment.startedAt,
    ]);
    const made = await findSegment(tx, own);
    if (!made) throw new Error('The segment was not stored.');
    return { segment: made, created: true };
  });
}

async function findSegment(
  db: Queryable,
  { recordingId, segmentId, agentId }: OwnSegment,
): Promise<StoredSegment | undefined> {
  const { rows } = await db.query<StoredSegment>(FIND, [recordingId, segmentId, agentId]);
  return rows[0];
}

/** Rejects with `not-found` for everybody but the agent who has begun it. */
export async function readSegment(db: Queryable, own: OwnSegment): Promise<StoredSegment> {
  const segment = await findSegment(db, own);
  if (!segment) throw notFound();
  return segment;
}

interface LockedRow {
  readonly bytes: number;
  readonly slices: number;
  readonly chain: Buffer | null;
  readonly last_bytes: number;
  readonly complete: boolean;
  readonly duration_ms: number | null;
  readonly open: boolean;
  readonly wrapped_key: Buffer;
}

const LOCK = `
select s.bytes::float8 as bytes, s.slices, s.chain, s.last_bytes, s.completed_at is not null as complete, s.duration_ms,
       r.file_state = 'open' as open, r.wrapped_key
  from recording_segments s join recordings r on r.id = s.recording_id
 where s.recording_id = $1 and s.id = $2 and s.agent_id = $3
   for update of s`;

async function lock(
  tx: Queryable,
  { recordingId, segmentId, agentId }: OwnSegment,
): Promise<LockedRow> {
  const { rows } = await tx.query<LockedRow>(LOCK, [recordingId, segmentId, agentId]);
  if (!rows[0]) throw notFound();
  return rows[0];
}

const APPEND = `
with heard as (
  update recordings set heard_at = clock_timestamp() where id = $1)
update recording_segments
   set bytes = bytes + $3, slices = slices + 1, last_bytes = $3, chain = $4, heard_at = clock_timestamp()
 where recording_id = $1 and id = $2`;

export interface Slice {
  readonly offset: number;
  /** In hex. */
  readonly chain: string;
  readonly bytes: Uint8Array;
}

/**
 * Adds a slice. Resolves, once it is on the disk, to the bytes that are stored. The last slice sent again changes
 * nothing. Rejects with `not-found`, `upload-offset` (with the offset), `slice-changed`, `conflict`, `storage-full`.
 *
 * The row stays locked while the file is written, so that of two nodes that get the same slice one writes it. A process
 * that dies in between leaves bytes behind the end that the row tells of; the next slice is written over them.
 */
export async function appendSlice(
  db: Database,
  { folder, serverKey }: { readonly folder: RecordingFolder; readonly serverKey: Uint8Array },
  own: OwnSegment,
  { offset, chain, bytes }: Slice,
): Promise<number> {
  const { recordingId, segmentId } = own;
  await folder.requireSpaceFor(bytes.length);
  return db.transaction(async (tx) => {
    const segment = await lock(tx, own);
    if (
      offset + bytes.length === segment.bytes &&
      bytes.length === segment.last_bytes &&
      chain === segment.chain?.toString('hex')
    ) {
      return segment.bytes;
    }
    if (segment.complete || !segment.open) {
      throw new RtcDeskError('conflict', 'The segment is complete.');
    }
    if (offset !== segment.bytes) {
      throw new RestError('upload-offset', 'Go on where the stored bytes end.', {
        offset: segment.bytes,
      });
    }
    const hash = createHash('sha256');
    if (segment.chain) hash.update(segment.chain);
    const actual = hash.update(bytes).digest();
    if (actual.toString('hex') !== chain) {
      throw new RestError('slice-changed', 'The hash is not the one of this slice.');
    }
    const key = unwrapRecordingKey(serverKey, recordingId, segment.wrapped_key);
    const frame = sealSlice(key, segmentId, segment.slices, bytes);
    const position = segment.bytes + segment.slices * FRAME_OVERHEAD;
    await folder.write(recordingId, segmentId, position, frame);
    await tx.query(APPEND, [recordingId, segmentId, bytes.length, actual]);
    return segment.bytes + bytes.length;
  });
}

const COMPLETE = `
update recording_segments set completed_at = clock_timestamp(), duration_ms = $3, heard_at = clock_timestamp()
 where recording_id = $1 and id = $2`;

/** The browser says that this was all. Rejects with `not-found`, and with `conflict` if other bytes are stored. */
export async function completeSegment(
  db: Database,
  own: OwnSegment,
  { bytes, chain, durationMs }: SegmentEnd,
): Promise<void> {
  await db.transaction(async (tx) => {
    const segment = await lock(tx, own);
    const stored = segment.chain?.toString('hex') ?? null;
    if (bytes !== segment.bytes || chain !== stored) {
      throw new RtcDeskError('conflict', 'Other bytes are stored.');
    }
    if (segment.complete) return;
    if (!segment.open) throw new RtcDeskError('conflict', 'The recording is put together.');
    await tx.query(COMPLETE, [own.recordingId, own.segmentId, durationMs]);
  });
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'There is no such recording of yours.');
}
