import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

/** As much of the SDK's RtcError as is read; what it wraps may carry the server's own code. */
interface SdkError {
  readonly code?: unknown;
  readonly extraCode?: unknown;
  readonly originError?: unknown;
}

/**
 * The SDK's numbers (web.sdk.qcloud.com/trtc/webrtc/doc/en/module-ERROR_CODE.html). 5000 (parameters) and 5100 (order
 * of calls) are what a correct caller never meets: our own fault.
 */
const CODES: Readonly<Record<number, ErrorCode>> = {
  5000: 'server-error',
  5100: 'server-error',
  5200: 'unsupported-browser',
  5201: 'insecure-context',
  5300: 'media-failed',
  5301: 'no-camera',
  5302: 'permission-denied',
  5303: 'device-busy',
  5304: 'no-camera',
  5305: 'permission-denied',
  5306: 'permission-denied',
  5307: 'device-busy',
  5400: 'server-error',
  // Nothing answered, at whatever step: the way to the cloud is closed.
  5500: 'media-blocked',
  5501: 'media-blocked',
  // This browser cannot send, or cannot show, what the cloud speaks.
  5505: 'unsupported-browser',
  5506: 'unsupported-browser',
  5507: 'unsupported-browser',
  5508: 'unsupported-browser',
  // Overtaken by another call.
  5998: 'conflict',
};

const OF_MICROPHONE: Readonly<Record<number, ErrorCode>> = {
  5301: 'no-microphone',
  5304: 'no-microphone',
};

/**
 * A firewall in the way of media (5501: the SDK keeps trying), a device (5300 …: LocalMedia's business), one picture or
 * sound that cannot be coded (5504 …). Any other error event comes after the SDK has left the room.
 */
const PASSING: ReadonlySet<number> = new Set([
  5300, 5308, 5309, 5501, 5504, 5505, 5506, 5507, 5508,
]);

/** What the SDK said, as a code of the contract; the SDK's error stays its `cause`. */
export class TrtcError extends RtcDeskError {
  private constructor(
    code: ErrorCode,
    cause: unknown,
    /** The cloud answered, and said no: to the account, the ticket or the room. */
    readonly refused: boolean,
    /** Told on the way by an SDK that is still in the room, and goes on. */
    readonly passing: boolean,
  ) {
    super(code, cause instanceof Error ? cause.message : code, { cause });
  }

  static from(error: unknown, source: 'camera' | 'microphone' | 'screen' = 'camera'): TrtcError {
    if (error instanceof TrtcError) return error;
    if (error instanceof RtcDeskError) return new TrtcError(error.code, error, false, false);
    const numbers = numbersOf(error);
    // Whatever is none of the SDK's own came from a server: a wrong SDKAppID (-8), a UserSig that expired (70001),
    // arrears (-100013), a package that was not bought (-100035), …
    const refused = numbers.some((number) => number < 5000 || number > 5999);
    if (refused) return new TrtcError('server-error', error, true, false);
    const special = source === 'microphone' ? OF_MICROPHONE : {};
    const codes = numbers.map((number) => special[number] ?? CODES[number]);
    const code = codes.find((known) => known !== undefined) ?? 'media-failed';
    const passing = numbers.some((number) => PASSING.has(number));
    return new TrtcError(code, error, false, passing);
  }
}

/** The most exact first. */
function numbersOf(error: unknown): number[] {
  const { code, extraCode, originError } = (error ?? {}) as SdkError;
  const inner = (originError ?? {}) as SdkError;
  const numbers = [inner.extraCode, extraCode, code];
  return numbers.filter((number): number is number => typeof number === 'number' && number !== 0);
}
