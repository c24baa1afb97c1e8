import type { ErrorCode } from './error-codes.ts';

/**
 * Why the server closed a socket. The close frame's reason is an `ErrorCode`, so that a client can
 * tell a person what happened. 4000 to 4999 are an application's own (RFC 6455, 7.4.2).
 */
export const CloseCode = {
  /** The server stops; come back, another node or the next process answers (RFC 6455 registry). */
  ServiceRestart: 1012,
  /** Something broke on the server; come back. */
  InternalError: 1011,
  /** A frame over `limits.frameBytes`. */
  MessageTooBig: 1009,
  /** A message that is not JSON, not known, or not of its schema, sent before the hello; or too many refusals after it. */
  BadRequest: 4400,
  /** The token of the hello is wrong or has expired, or the sign-in has ended since. */
  Unauthorized: 4401,
  /** This origin, site or person may not do that. */
  Forbidden: 4403,
  /** The hello speaks another version of the protocol: reload the page. */
  UnsupportedProtocol: 4406,
  /** No hello within `limits.helloTimeout`. */
  HelloTimeout: 4408,
  /** The same person came in through another socket. */
  SignedInElsewhere: 4409,
  /** Too many messages, connections or bytes waiting; come back later. */
  RateLimited: 4429,
} as const;

export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

const FINAL_ERRORS: { readonly [code: number]: ErrorCode } = {
  [CloseCode.BadRequest]: 'bad-message',
  [CloseCode.Unauthorized]: 'unauthorized',
  [CloseCode.Forbidden]: 'forbidden',
  [CloseCode.UnsupportedProtocol]: 'unsupported-protocol',
  [CloseCode.SignedInElsewhere]: 'signed-in-elsewhere',
};

/** The error of a final close: reconnecting with the same hello would fail again. Undefined for any other code. */
export function finalError(code: number): ErrorCode | undefined {
  return FINAL_ERRORS[code];
}
