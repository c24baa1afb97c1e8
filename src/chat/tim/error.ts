import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

/** Codes of the SDK (2000 to 3200) and of the service (above), as both documents list them. */
const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  // Nobody answered.
  [2800, 'offline'],
  [2801, 'offline'],
  [2805, 'offline'],
  // The SDK is not signed in, or not yet, or not any more.
  [2024, 'offline'],
  [2999, 'offline'],
  [3000, 'offline'],
  [3001, 'offline'],
  [3005, 'offline'],
  // Too much of it.
  [2996, 'rate-limited'],
  [10023, 'rate-limited'],
  [60022, 'rate-limited'],
  // The signature was good once.
  [3004, 'unauthorized'],
  [20002, 'unauthorized'],
  [70001, 'unauthorized'],
  [70052, 'unauthorized'],
  // The signature was never good: of another key, person or application.
  [70003, 'forbidden'],
  [70005, 'forbidden'],
  [70009, 'forbidden'],
  [70013, 'forbidden'],
  [70014, 'forbidden'],
  [3002, 'signed-in-elsewhere'],
  [3003, 'signed-in-elsewhere'],
  [3006, 'forbidden'],
  // The group.
  [2501, 'not-found'],
  [2603, 'not-found'],
  [2623, 'not-found'],
  [10007, 'not-found'],
  [10010, 'not-found'],
  [10015, 'not-found'],
  [10014, 'room-full'],
  [10021, 'conflict'],
  [10025, 'conflict'],
  // The message: what it says was refused by the application's moderation, or its sender was muted.
  [3123, 'forbidden'],
  [10016, 'forbidden'],
  [10017, 'forbidden'],
  [20012, 'forbidden'],
  [80001, 'forbidden'],
  [80003, 'forbidden'],
  [80004, 'forbidden'],
  [80002, 'message-too-long'],
  [2108, 'image-not-supported'],
  [2251, 'image-not-supported'],
  [2252, 'image-not-supported'],
  [2253, 'image-too-large'],
]);

/** Ranges that the service leaves to the application's own callbacks: a refusal in any case. */
function ownRefusal(code: number): boolean {
  return (code >= 10_100 && code <= 10_200) || (code >= 120_001 && code <= 130_000);
}

/** The SDK's own number of a failure, 0 for none. */
export function timCode(error: unknown): number {
  const cause = error instanceof RtcDeskError ? error.cause : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'number' ? code : 0;
}

/** What a failure of the SDK means in the contract; the SDK's error stays its cause. */
export function asTimError(error: unknown): RtcDeskError {
  if (error instanceof RtcDeskError) return error;
  const number = timCode(error);
  const code = CODES.get(number) ?? (ownRefusal(number) ? 'forbidden' : 'server-error');
  const said = error instanceof Error ? error.message : String(error);
  return new RtcDeskError(code, `Tencent IM ${number || ''}: ${said}`, { cause: error });
}

/** Whether a message was not sent because of what it says or who says it. Nothing else is a reason to drop it. */
export function isRefusal(error: RtcDeskError): boolean {
  const number = timCode(error);
  return ownRefusal(number) || REFUSALS.has(number);
}

const REFUSALS: ReadonlySet<number> = new Set([3123, 10016, 10017, 20012, 80001, 80003, 80004]);
