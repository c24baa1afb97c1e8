let last: Promise<unknown> = Promise.resolve();

/**
 * Announces work on which the other side of a call waits, such as an answer to an offer. It must be short and must not
 * reject.
 */
export function announceUrgentWork(work: Promise<unknown>): void {
  last = work;
}

/** Resolves when the work that was announced last is done. */
export function urgentWorkDone(): Promise<unknown> {
  return last;
}
