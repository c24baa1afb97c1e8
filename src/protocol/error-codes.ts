/** The codes that a person can meet. Each has a sentence and a hint in every language. */
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
  'challenge-required',
  /** The site asks for consent, and the visitor has not been asked. */
  'consent-required',
  'consent-refused',
  'invalid-params',
  'out-of-hours',
  'no-agent-online',
  'queue-full',
  'rate-limited',
  /** The answer is for a step of the flow at which the call no longer stands. */
  'flow-changed',
  'offline',
  'media-failed',
  'media-blocked',
  'signed-in-elsewhere',
  /** The call goes on on another device of the visitor. */
  'handed-over',
  /** The pinned copy of the script refuses a file with another hash than the expected one. */
  'script-changed',
  /** The policy or another script of the page stops the code of the call. */
  'page-blocked',
  'server-error',
] as const;

/** Codes for a command or message that a correct client does not send, or sends too late. */
export const PROTOCOL_ERROR_CODES = [
  'bad-message',
  'unauthorized',
  'forbidden',
  'not-found',
  /** The call, leg or participant has changed meanwhile: accepted by somebody else, timed out, ended. */
  'conflict',
  /** The group requires a disposition before the wrap-up is finished. */
  'disposition-required',
  'room-full',
  'message-empty',
  'message-too-long',
  'image-too-large',
  'image-not-supported',
  /** The server has no space for another recording. */
  'storage-full',
  /** The room or the site has as many pictures as it may have. */
  'too-many-images',
  'unsupported-protocol',
  /** The password is right, and the code of the authenticator app is missing. */
  'second-factor-needed',
  /** A new password that is too short or too common. */
  'password-refused',
] as const;

export type PersonErrorCode = (typeof PERSON_ERROR_CODES)[number];
export type ErrorCode = PersonErrorCode | (typeof PROTOCOL_ERROR_CODES)[number];

export const ERROR_CODES = [...PERSON_ERROR_CODES, ...PROTOCOL_ERROR_CODES] as const;
const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Whether a value that came over the wire is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && CODES.has(value);
}
