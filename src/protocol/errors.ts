/** The codes a person can meet; the contract's list. Each has a sentence and a hint in every language. */
export const PERSON_ERROR_CODES = [
  'permission-denied',
  'no-camera',
  'no-microphone',
  'device-busy',
  'insecure-context',
  'unsupported-browser',
  'origin-not-allowed',
  'unknown-site',
  'unknown-skill',
  'invalid-identity',
  'invalid-params',
  'out-of-hours',
  'no-agent-online',
  'queue-full',
  'rate-limited',
  'offline',
  'media-failed',
  'media-blocked',
  'signed-in-elsewhere',
  'server-error',
] as const;

/** Further codes, of a command or message that a correct client would not have sent, or sent too late. */
export const PROTOCOL_ERROR_CODES = [
  'bad-message',
  'unauthorized',
  'forbidden',
  'not-found',
  /** The call or offer has moved on: somebody else accepted, the time ran out, it was cancelled. */
  'conflict',
  'room-full',
  'message-empty',
  'message-too-long',
  'image-too-large',
  'image-not-supported',
  'unsupported-protocol',
] as const;

export type PersonErrorCode = (typeof PERSON_ERROR_CODES)[number];
export type ErrorCode = PersonErrorCode | (typeof PROTOCOL_ERROR_CODES)[number];

/** A failure with a code of the contract. `cause` keeps what a library or the browser said. */
export class RtcDeskError extends Error {
  override readonly name = 'RtcDeskError';

  constructor(
    readonly code: ErrorCode,
    message: string = code,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const ALL_CODES: ReadonlySet<string> = new Set([...PERSON_ERROR_CODES, ...PROTOCOL_ERROR_CODES]);

/** Whether a string that came over the wire is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && ALL_CODES.has(value);
}
