/**
 * `unreachable`: no answer in time, or the store has an error of its own; it may work later. `refused`: wrong keys, a
 * policy, or a bucket that is not there. `missing`: there is no such object.
 */
export type ObjectStoreReason = 'unreachable' | 'refused' | 'missing';

/** A request to the object store that failed. The message has no key and no signature. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';

  constructor(
    readonly reason: ObjectStoreReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
