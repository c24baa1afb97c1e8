/** Recordings: the upload of their parts by the desk, and the list and the files for those who may play them. */
import { Type } from '@sinclair/typebox';
import { SkillGroupName } from '../call-view.ts';
import { closed, described, Nullable, OneOf, type Shape, Slug, Uuid } from '../schema.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });
const Bytes = Type.Integer({ minimum: 0 });

/** Bytes of one slice. A slice holds two seconds. */
export const MAX_SLICE_BYTES = 4 * 1024 * 1024;
/** A day at 8 Mbit/s. */
const MAX_SEGMENT_BYTES = 86_400_000_000;
const MAX_SEGMENT_MS = 86_400_000;

/** The media type of a slice. */
export const SLICE_TYPE = 'application/offset+octet-stream';
/** The header with the bytes of the segment that lie before the slice, and in answers those that are stored. */
export const UPLOAD_OFFSET = 'upload-offset';
/** The header with the SHA-256 of the chain value before (32 bytes; nothing for the first slice) and the slice, in hex. */
export const SLICE_CHAIN = 'slice-chain';

export const SliceChain = Type.String({ pattern: '^[0-9a-f]{64}$' });

export const NewSegment = closed({
  id: described(Uuid, 'Chosen by the browser. The same again answers with the same segment.'),
  mime: Type.String({
    maxLength: 100,
    pattern: '^video/(webm|mp4|x-matroska)(;\\s*codecs="?[\\w.,+ -]+"?)?$',
    description: 'Of the MediaRecorder.',
  }),
  startedAt: described(
    Type.Integer({ minimum: 0, maximum: 8.64e15 }),
    'Ms since 1970, by the server’s clock as the browser knows it.',
  ),
});
export type NewSegment = Shape<typeof NewSegment>;

/** A segment as it is stored. */
export const StoredSegment = closed({
  id: Uuid,
  ordinal: Type.Integer({ description: '1, 2, 3 … in the recording.' }),
  offset: described(Bytes, 'Bytes that are stored.'),
  chain: described(Nullable(SliceChain), 'Of the last slice; null: there is none.'),
  complete: Type.Boolean(),
});
export type StoredSegment = Shape<typeof StoredSegment>;

export const SegmentEnd = closed({
  bytes: Type.Integer({ minimum: 0, maximum: MAX_SEGMENT_BYTES }),
  chain: described(Nullable(SliceChain), 'Of the last slice; null: the segment is empty.'),
  durationMs: Type.Integer({ minimum: 0, maximum: MAX_SEGMENT_MS }),
});
export type SegmentEnd = Shape<typeof SegmentEnd>;

/** The answer to a slice with a wrong `Upload-Offset`. */
export const OffsetError = closed({
  code: Type.Literal('upload-offset'),
  message: Type.String(),
  offset: described(Bytes, 'From where to go on.'),
});

export const RECORDING_FILE_STATES = [
  'asked',
  'recording',
  'paused',
  'refused',
  'uploading',
  'joining',
  'ready',
  'failed',
] as const;
const FileState = OneOf(...RECORDING_FILE_STATES);

const CloudStorage = Type.Unsafe<'cos' | 's3' | 'vod'>(OneOf('cos', 's3', 'vod'));
export const RecordingFile = closed({
  part: Type.Integer({ description: '1, 2, 3 …: the query `part` of the file’s address.' }),
  mime: Type.String(),
  bytes: Nullable(Bytes),
  seconds: Type.Number(),
  cloud: Type.Optional(
    described(CloudStorage, 'Where TRTC’s cloud stored it. A file at VOD opens there.'),
  ),
});

/** A recording as a list shows it. */
export const RecordingSummary = closed({
  id: Uuid,
  call: Uuid,
  skill: SkillGroupName,
  visitor: Type.String({ description: 'The visitor’s name.' }),
  agent: Type.Union(
    [closed({ id: Uuid, username: Type.String(), name: Type.String() }), Type.Null()],
    {
      description: 'Who answers for the call, or answered for it last.',
    },
  ),
  state: described(
    FileState,
    '`uploading`: parts are still awaited. `joining`: the parts become one file.',
  ),
  failure: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it failed: a code, for example `unsupported`, `nothing-heard`, `unreadable`.',
  }),
  moveFailure: Type.Union([Type.String(), Type.Null()], {
    description:
      'Why its files are not in the object store yet: a code, for example `storage-unreachable`, `storage-refused`, `storage-changed`, `file-damaged`. Null: they are, or nothing failed, or recordings stay in a folder.',
  }),
  startedAt: described(Nullable(Time), 'Null: nothing was recorded.'),
  files: Type.Array(RecordingFile, {
    description:
      'Empty before it is ready. There is more than one if the codec or the size changed on the way, for example because another browser went on.',
  }),
  readyAt: Nullable(Time),
  hold: Type.Boolean({
    description: 'Whether the call has a legal hold: nothing of it is deleted.',
  }),
});
export type RecordingSummary = Shape<typeof RecordingSummary>;

/** What the server signs once the file is whole. */
export const RecordingManifest = closed({
  recording: Uuid,
  call: Uuid,
  site: Slug,
  files: Type.Array(
    closed({
      part: Type.Integer(),
      mime: Type.String(),
      bytes: Type.Integer(),
      sha256: SliceChain,
      durationMs: Type.Integer(),
    }),
  ),
  cloud: Type.Optional(
    Type.Array(
      closed({
        storage: CloudStorage,
        name: described(Type.String(), 'The key of an object, or the id of a file at VOD.'),
        bytes: Nullable(Type.Integer()),
        etag: Nullable(Type.String()),
        startedAt: Time,
        durationMs: Type.Integer(),
      }),
      { description: 'Files that TRTC’s cloud recorded and stored.' },
    ),
  ),
  madeAt: Time,
  segments: Type.Array(
    closed({
      id: Uuid,
      ordinal: Type.Integer(),
      startedAt: Time,
      part: Type.Union([Type.Integer(), Type.Null()], {
        description: 'The file in which it is. Null: nothing of it can be played.',
      }),
      startMs: Type.Integer({ description: 'Where the segment begins in the file.' }),
      durationMs: Type.Integer(),
      bytes: Type.Integer(),
      slices: Type.Integer(),
      chain: Nullable(SliceChain),
      complete: Type.Boolean({
        description: 'False: the browser never said that this was all.',
      }),
    }),
  ),
});
export type RecordingManifest = Shape<typeof RecordingManifest>;

export const Recording = closed({
  ...RecordingSummary.properties,
  manifest: Nullable(RecordingManifest),
  signature: Type.Union([Type.String(), Type.Null()], {
    description: 'A JWS (EdDSA) whose payload is the manifest. GET /recording-key has the key.',
  }),
});
export type Recording = Shape<typeof Recording>;

/** Lets a page play a recording that cannot send who is signed in, such as the desk. */
export const PlayCode = closed({
  code: Type.String({ description: 'For the query `code` of the address `/played-recording`.' }),
  expiresAt: Time,
});
export type PlayCode = Shape<typeof PlayCode>;

const Moment = Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15 }));
/** The newest come first. */
export const RecordingQuery = Type.Object({
  ...PageQuery,
  from: described(Moment, 'Begun at this time or later, in ms since 1970.'),
  to: described(Moment, 'Begun before this time, in ms since 1970.'),
  group: Type.Optional(Slug),
  agent: Type.Optional(described(Uuid, 'An agent who accepted the call.')),
  call: Type.Optional(Uuid),
  state: Type.Optional(FileState),
  visitor: described(SearchText, 'A part of the visitor’s name.'),
  sort: sortBy('startedAt'),
});
export const RecordingPage = page(RecordingSummary);
export type RecordingPage = Shape<typeof RecordingPage>;

/** Of which recordings the report tells: those that began in this time. */
export const RecordingReportQuery = Type.Object({
  from: RecordingQuery.properties.from,
  to: RecordingQuery.properties.to,
  group: RecordingQuery.properties.group,
});
export const RecordingReport = closed({
  recorded: Type.Integer({ description: 'Can be played.' }),
  failed: Type.Integer(),
  refused: Type.Integer({ description: 'The visitor did not agree.' }),
  waiting: Type.Integer({ description: 'Parts are still awaited, or become one file.' }),
  live: Type.Integer({ description: 'The call goes on.' }),
  unrecorded: Type.Integer({
    description: 'Calls that were always to be recorded, and of which there is no recording.',
  }),
  unrecordedCalls: Type.Array(
    closed({
      call: Uuid,
      skill: SkillGroupName,
      agent: RecordingSummary.properties.agent,
      state: OneOf('failed', 'refused'),
      failure: RecordingSummary.properties.failure,
      live: Type.Boolean({ description: 'Whether the call goes on.' }),
      connectedAt: Time,
    }),
    { description: 'The newest 20 of them.' },
  ),
});
export type RecordingReport = Shape<typeof RecordingReport>;

/** Why nothing of a call may be deleted. */
export const LegalHold = closed({
  reason: Type.String({
    minLength: 1,
    maxLength: 200,
    pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$',
  }),
});
export type LegalHold = Shape<typeof LegalHold>;
