import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import type { Sighting } from './record-presence-report.ts';

/**
 * One callback of TRTC's room events (Tencent's document 647/51586). Fields that are not named here come and
 * will come more: they are left alone.
 */
const Callback = Type.Object({
  EventGroupId: Type.Integer(),
  EventType: Type.Integer(),
  /** When it was sent; ms since 1970. */
  CallbackTs: Type.Number(),
  EventInfo: Type.Object({}),
});
const Visit = Type.Object({
  /** A number, or the same in quotes. */
  RoomId: Type.Union([Type.Integer(), Type.String({ pattern: '^\\d{1,10}$' })]),
  UserId: Type.String({ pattern: '^[A-Za-z0-9_-]{1,32}$' }),
  /** When it happened; ms, and in older callbacks seconds alone. */
  EventMsTs: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  EventTs: Type.Optional(Type.Integer({ minimum: 0, maximum: 1e11 })),
  Reason: Type.Optional(Type.Integer()),
});

const ajv = new Ajv();
const isCallback = ajv.compile<Static<typeof Callback>>(Callback);
const isVisit = ajv.compile<Static<typeof Visit>>(Visit);

const ROOM_EVENTS = 1;
const ENTERED = 103;
const LEFT = 104;
/**
 * Why somebody left (647/51586, "具体原因"): 1 of their own accord, 2 timed out, 3 removed by the server, 4 a link between
 * rooms ended, 5 process killed. These they did not want.
 */
const VANISHED: ReadonlySet<number> = new Set([2, 3, 5]);
/** TRTC tries for a minute; what is much older was sent before. */
const FRESH = 5 * 60 * 1000;
const LAST_ROOM = 2_147_483_647;

/** `ignored`: an event that says nothing about who is inside, or of a room that cannot be ours. */
export type CallbackReading =
  | { readonly outcome: 'sighting'; readonly sighting: Sighting }
  | { readonly outcome: 'ignored' | 'malformed' | 'stale' };

/** Whether the body is TRTC's: `Sign` is the base64 of its HMAC-SHA256 under the callback key. */
export function isSigned(body: Buffer, sign: unknown, key: string): boolean {
  if (typeof sign !== 'string') return false;
  const wanted = createHmac('sha256', key).update(body).digest();
  const given = Buffer.from(sign, 'base64');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** Reads a signed body; `now` is ms since 1970. */
export function readCallback(body: Buffer, now: number): CallbackReading {
  const callback = parse(body);
  if (!isCallback(callback)) return { outcome: 'malformed' };
  if (Math.abs(now - callback.CallbackTs) > FRESH) return { outcome: 'stale' };
  const { EventGroupId: group, EventType: type, EventInfo: info } = callback;
  if (group !== ROOM_EVENTS || (type !== ENTERED && type !== LEFT)) return { outcome: 'ignored' };
  // An app of the same account may name its rooms and people in other ways.
  if (!isVisit(info)) return { outcome: 'ignored' };
  const room = Number(info.RoomId);
  const at = info.EventMsTs ?? (info.EventTs ?? NaN) * 1000;
  if (Number.isNaN(at) || room < 1 || room > LAST_ROOM) return { outcome: 'ignored' };
  const seen = type === ENTERED ? 'inside' : VANISHED.has(info.Reason ?? 0) ? 'vanished' : 'left';
  return { outcome: 'sighting', sighting: { room, participant: info.UserId, seen, at } };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    // No JSON is no callback: said by what the caller answers.
    return null;
  }
}
