/** The codes that the REST interface alone answers. */
export type RestErrorCode =
  /** There is such an id, username or shortcut already. */
  | 'taken'
  /** Something refers to what should be deleted. */
  | 'in-use'
  /** The one-time link was used, has expired, or never was. */
  | 'link-expired'
  /** Somebody else has changed it since the caller read it. */
  | 'precondition-failed'
  /** The request needs the header If-Match. */
  | 'precondition-required'
  /** A slice of a recording does not begin where the stored bytes end. */
  | 'upload-offset'
  /** A slice of a recording is not the one of which its hash tells. */
  | 'slice-changed'
  | 'slice-too-large'
  /** The Idempotency-Key was used for another request. */
  | 'idempotency-mismatch';

/** A failure that is answered over REST alone. */
export class RestError extends Error {
  override readonly name = 'RestError';

  constructor(
    readonly code: RestErrorCode,
    message: string,
    /** Further fields of the answer. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
