let last: Promise<unknown> = Promise.resolve();

/** Announces work for which the page's rendering has to wait. It must end soon, and never reject. */
export function announceUrgentWork(work: Promise<unknown>): void {
  last = work;
}

export function urgentWorkDone(): Promise<unknown> {
  return last;
}
