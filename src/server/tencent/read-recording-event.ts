import { Type, type Static } from '@sinclair/typebox';
import { Ajv } from 'ajv';

/** A callback about a recording (Tencent's document 647/81113). Fields that are not named here are ignored. */
const Info = Type.Object({
  RoomId: Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{1,10}$' })]),
  /** Of the recorder. */
  UserId: Type.String({ pattern: '^recorder_[0-9a-f]{20}$' }),
  TaskId: Type.String({ pattern: '^[A-Za-z0-9_.+=*-]{1,200}$' }),
  EventMsTs: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  EventTs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e11 })),
  Payload: Type.Optional(Type.Object({})),
});
const Moment = Type.Integer({ minimum: 0, maximum: 8.64e15 });
const FileName = Type.String({ pattern: '^(?!.*\\.\\.)[A-Za-z0-9_.+=*/-]{1,400}$' });
/** Event 310. */
const StoredFiles = Type.Object({
  Status: Type.Integer(),
  FileMessage: Type.Optional(
    Type.Array(Type.Object({ FileName, StartTimeStamp: Moment, EndTimeStamp: Moment }), {
      maxItems: 200,
    }),
  ),
});
/** Event 311. */
const VodFile = Type.Object({
  Status: Type.Integer(),
  TencentVod: Type.Optional(
    Type.Object({
      FileId: Type.String({ pattern: '^\\d{1,40}$' }),
      VideoUrl: Type.String({ pattern: '^https?://[^\\s"<>]{1,1000}$' }),
      StartTimeStamp: Moment,
      EndTimeStamp: Moment,
    }),
  ),
});
const Started = Type.Object({ Status: Type.Integer() });

const ajv = new Ajv();
const isInfo = ajv.compile<Static<typeof Info>>(Info);
const isStarted = ajv.compile<Static<typeof Started>>(Started);
const isStoredFiles = ajv.compile<Static<typeof StoredFiles>>(StoredFiles);
const isVodFile = ajv.compile<Static<typeof VodFile>>(VodFile);

export const RECORDING_EVENT_GROUP = 3;
const STARTED = 301;
const EXITED = 302;
const STORED = 310;
const VOD_STORED = 311;
const VOD_ENDED = 312;
/** Between: the upload, slices, a move to another machine. They say no more than that the task is there. */
const LAST_EVENT = 312;

/** A file that TRTC has stored. */
export interface ReportedFile {
  /** As TRTC names it, without the folder; or the id at VOD. */
  readonly name: string;
  readonly url: string | null;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What TRTC says about one of its recording tasks. */
export interface RecordingReport {
  readonly room: number;
  readonly robot: string;
  readonly task: string;
  /** By TRTC's clock; ms since 1970. */
  readonly at: number;
  /** `there`: the task exists. `exited`: it records no longer. `stored`: with these files, and there may be more. */
  readonly reported: 'there' | 'exited' | 'stored';
  readonly files: readonly ReportedFile[];
  /** Whether the files could not be stored. */
  readonly failed: boolean;
}

/** Undefined: not about a task of this server's. */
export function readRecordingEvent(type: number, info: object): RecordingReport | undefined {
  if (type < STARTED || type > LAST_EVENT || !isInfo(info)) return undefined;
  const at = info.EventMsTs ?? (info.EventTs ?? NaN) * 1000;
  const room = Number(info.RoomId);
  if (Number.isNaN(at)) return undefined;
  const about = { room, robot: info.UserId, task: info.TaskId, at, files: [], failed: false };
  const payload = info.Payload ?? {};
  switch (type) {
    case STARTED: {
      const failed = isStarted(payload) && payload.Status !== 0;
      return { ...about, reported: failed ? 'exited' : 'there' };
    }
    case EXITED:
    case VOD_ENDED:
      return { ...about, reported: 'exited' };
    case STORED: {
      if (!isStoredFiles(payload)) return undefined;
      const files = (payload.FileMessage ?? []).map(({ FileName: name, ...times }) => ({
        ...{ name, url: null },
        ...fileTimes(times),
      }));
      return { ...about, reported: 'stored', files, failed: payload.Status !== 0 };
    }
    case VOD_STORED: {
      if (!isVodFile(payload)) return undefined;
      const { Status: status, TencentVod: vod } = payload;
      const files = vod ? [{ name: vod.FileId, url: vod.VideoUrl, ...fileTimes(vod) }] : [];
      return { ...about, reported: 'stored', files, failed: status !== 0 };
    }
    default:
      return { ...about, reported: 'there' };
  }
}

/** Times before this many ms are seconds: 1e11 ms are in 1973, 1e11 s in the year 5138. */
const SECONDS_BELOW = 1e11;

function fileTimes({
  StartTimeStamp: start,
  EndTimeStamp: end,
}: {
  readonly StartTimeStamp: number;
  readonly EndTimeStamp: number;
}): Pick<ReportedFile, 'startedAt' | 'durationMs'> {
  const [startedAt, endedAt] = [start, end].map((time) =>
    time < SECONDS_BELOW ? time * 1000 : time,
  ) as [number, number];
  return { startedAt, durationMs: Math.max(0, endedAt - startedAt) };
}
