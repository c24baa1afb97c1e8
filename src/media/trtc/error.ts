import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

/** The fields of the SDK's RtcError that are read. The wrapped error may have the server's own code. */
interface SdkError {
  readonly code?: unknown;
  readonly extraCode?: unknown;
  readonly originError?: unknown;
}

/**
 * The SDK's codes (web.sdk.qcloud.com/trtc/webrtc/doc/en/module-ERROR_CODE.html). 5000 (parameters) and 5100 (order of
 * calls) are faults of the caller.
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
  // No answer: the cloud cannot be reached.
  5500: 'media-blocked',
  5501: 'media-blocked',
  // This browser does not support the cloud's codecs.
  5505: 'unsupported-browser',
  5506: 'unsupported-browser',
  5507: 'unsupported-browser',
  5508: 'unsupported-browser',
  // Another call replaced this one.
  5998: 'conflict',
};

const MICROPHONE_CODES: Readonly<Record<number, ErrorCode>> = {
  5301: 'no-microphone',
  5304: 'no-microphone',
};

/**
 * After these the SDK is still in the room: a firewall blocks media (5501: the SDK keeps trying), a device fails (5300 …:
 * LocalMedia handles it), one picture or sound cannot be coded (5504 …). After any other error event it has left.
 */
const TRANSIENT: ReadonlySet<number> = new Set([
  5300, 5308, 5309, 5501, 5504, 5505, 5506, 5507, 5508,
]);

/** An error of the SDK, with a code of ours. The SDK's error is the `cause`. */
export class TrtcError extends RtcDeskError {
  private constructor(
    code: ErrorCode,
    cause: unknown,
    /** The cloud refused the account, the ticket or the room. */
    readonly refused: boolean,
    /** The SDK is still in the room and goes on. */
    readonly transient: boolean,
  ) {
    super(code, cause instanceof Error ? cause.message : code, { cause });
  }

  static from(error: unknown, source: 'camera' | 'microphone' | 'screen' = 'camera'): TrtcError {
    if (error instanceof TrtcError) return error;
    if (error instanceof RtcDeskError) return new TrtcError(error.code, error, false, false);
    const numbers = numbersOf(error);
    // Codes outside of the SDK's range come from a server: a wrong SDKAppID (-8), an expired UserSig (70001), arrears
    // (-100013), a missing package (-100035), …
    const refused = numbers.some((number) => number < 5000 || number > 5999);
    if (refused) return new TrtcError('server-error', error, true, false);
    const special = source === 'microphone' ? MICROPHONE_CODES : {};
    const codes = numbers.map((number) => special[number] ?? CODES[number]);
    const code = codes.find((known) => known !== undefined) ?? 'media-failed';
    const transient = numbers.some((number) => TRANSIENT.has(number));
    return new TrtcError(code, error, false, transient);
  }
}

/** The most specific number first. */
function numbersOf(error: unknown): number[] {
  const { code, extraCode, originError } = (error ?? {}) as SdkError;
  const inner = (originError ?? {}) as SdkError;
  const numbers = [inner.extraCode, extraCode, code];
  return numbers.filter((number): number is number => typeof number === 'number' && number !== 0);
}
