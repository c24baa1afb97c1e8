import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

/** Codes of the SDK (2000 to 3200) and of the service (the higher ones), from their documentation. */
const CODES: ReadonlyMap<number, ErrorCode> = new Map([
  // No answer.
  [2800, 'offline'],
  [2801, 'offline'],
  [2805, 'offline'],
  // The SDK is not signed in.
  [2024, 'offline'],
  [2999, 'offline'],
  [3000, 'offline'],
  [3001, 'offline'],
  [3005, 'offline'],
  // Too many requests.
  [2996, 'rate-limited'],
  [10023, 'rate-limited'],
  [60022, 'rate-limited'],
  // The signature has expired.
  [3004, 'unauthorized'],
  [20002, 'unauthorized'],
  [70001, 'unauthorized'],
  [70052, 'unauthorized'],
  // The signature is invalid: it belongs to another key, person or application.
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
  // The message: the application's moderation refused it, or its sender is muted.
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

/** The service leaves these ranges to the application's own callbacks. Each code in them is a refusal. */
function ownRefusal(code: number): boolean {
  return (code >= 10_100 && code <= 10_200) || (code >= 120_001 && code <= 130_000);
}

/** The SDK's number of a failure; 0 if it has none. */
export function timCode(error: unknown): number {
  const cause = error instanceof RtcDeskError ? error.cause : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'number' ? code : 0;
}

/** Maps a failure of the SDK to a code of ours. The SDK's error is the cause. */
export function asTimError(error: unknown): RtcDeskError {
  if (error instanceof RtcDeskError) return error;
  const number = timCode(error);
  const code = CODES.get(number) ?? (ownRefusal(number) ? 'forbidden' : 'server-error');
  const text = error instanceof Error ? error.message : String(error);
  return new RtcDeskError(code, `Tencent IM ${number || ''}: ${text}`, { cause: error });
}

/** Whether IM refused a message for its content or its sender. Only then is the message not stored either. */
export function isRefusal(error: RtcDeskError): boolean {
  const number = timCode(error);
  return ownRefusal(number) || REFUSALS.has(number);
}

const REFUSALS: ReadonlySet<number> = new Set([3123, 10016, 10017, 20012, 80001, 80003, 80004]);
