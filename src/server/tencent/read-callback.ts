import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import {
  readRecordingEvent,
  RECORDING_EVENT_GROUP,
  type RecordingReport,
} from './read-recording-event.ts';
import type { PresenceReport } from './record-presence-report.ts';

/** One callback of TRTC's (Tencent's document 647/51586). Fields that are not named here are ignored. */
const Callback = Type.Object({
  EventGroupId: Type.Integer(),
  EventType: Type.Integer(),
  /** When it was sent; ms since 1970. */
  CallbackTs: Type.Number(),
  EventInfo: Type.Object({}),
});
const Movement = Type.Object({
  /** A number, or the same in quotes. */
  RoomId: Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{1,10}$' })]),
  UserId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }),
  /** When it happened: EventMsTs in ms. Older callbacks have only EventTs, in seconds. */
  EventMsTs: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  EventTs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e11 })),
  Reason: Type.Optional(Type.Integer()),
});

const ajv = new Ajv();
const isCallback = ajv.compile<Static<typeof Callback>>(Callback);
const isMovement = ajv.compile<Static<typeof Movement>>(Movement);

const ROOM_EVENT_GROUP = 1;
const ENTERED_EVENT = 103;
const LEFT_EVENT = 104;
/**
 * Reasons for leaving that the person did not choose. The list (647/51586, "具体原因") is: 1 left, 2 timed out,
 * 3 removed by the server, 4 a link between rooms ended, 5 process killed.
 */
const VANISHED_REASONS: ReadonlySet<number> = new Set([2, 3, 5]);
/** TRTC repeats a callback for a minute. An older one is a replay. */
const MAX_AGE_MS = 5 * 60 * 1000;
const MAX_ROOM = 2_147_483_647;

/** `ignored`: an event that says nothing about who is inside or about a recording, or a room that cannot be ours. */
export type CallbackReading =
  | { readonly outcome: 'report'; readonly report: PresenceReport }
  | { readonly outcome: 'recording'; readonly report: RecordingReport }
  | { readonly outcome: 'ignored' | 'malformed' | 'stale' };

/** Whether TRTC signed the body: `sign` is the base64 of its HMAC-SHA256 under the callback key. */
export function isSigned(body: Buffer, sign: unknown, key: string): boolean {
  if (typeof sign !== 'string') return false;
  const expected = createHmac('sha256', key).update(body).digest();
  const given = Buffer.from(sign, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Reads a signed body; `now` is ms since 1970. */
export function readCallback(body: Buffer, now: number): CallbackReading {
  const callback = parse(body);
  if (!isCallback(callback)) return { outcome: 'malformed' };
  if (Math.abs(now - callback.CallbackTs) > MAX_AGE_MS) return { outcome: 'stale' };
  const { EventGroupId: group, EventType: type, EventInfo: info } = callback;
  if (group === RECORDING_EVENT_GROUP) {
    const report = readRecordingEvent(type, info);
    return report ? { outcome: 'recording', report } : { outcome: 'ignored' };
  }
  if (group !== ROOM_EVENT_GROUP) return { outcome: 'ignored' };
  if (type !== ENTERED_EVENT && type !== LEFT_EVENT) return { outcome: 'ignored' };
  // Another application of the same account may name its rooms and people differently.
  if (!isMovement(info)) return { outcome: 'ignored' };
  const room = Number(info.RoomId);
  const at = info.EventMsTs ?? (info.EventTs ?? NaN) * 1000;
  if (Number.isNaN(at) || room < 1 || room > MAX_ROOM) return { outcome: 'ignored' };
  const left = VANISHED_REASONS.has(info.Reason ?? 0) ? 'vanished' : 'left';
  const reported = type === ENTERED_EVENT ? 'inside' : left;
  return { outcome: 'report', report: { room, participant: info.UserId, reported, at } };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // A body that is no JSON is malformed: null passes no schema.
    return null;
  }
}
