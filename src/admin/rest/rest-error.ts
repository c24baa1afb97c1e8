/** A request that the server refused, or that did not reach it. */
export class RestError extends Error {
  override readonly name = 'RestError';

  constructor(
    /** A code of the server, or `offline` if no answer came. */
    readonly code: string,
    message: string,
    /** 0: no answer came. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Somebody else has changed the same thing since it was read. */
  get isOutdated(): boolean {
    return this.status === 412;
  }
}
