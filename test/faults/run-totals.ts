import type { CallEvent, History } from './checker/history.ts';

/** What happened in all runs, in numbers: it shows that the runs did something. */
export class RunTotals {
  readonly #counts = new Map<string, number>();

  add({ events, record }: History): void {
    const { callEvents } = record;
    this.#count('runs', 1);
    this.#count('calls', record.calls.length);
    this.#count('accepted', callsWith('accepted', callEvents));
    this.#count('connected', callsWith('connected', callEvents));
    const requeued = callEvents.filter(({ type, sequence }) => type === 'queued' && sequence > 2);
    this.#count('requeued', requeued.length);
    const accepted = new Set(
      record.legs.filter(({ acceptedAt }) => acceptedAt !== null).map(({ id }) => id),
    );
    const afterAccept = callEvents.filter(
      ({ type, legId }) => type.startsWith('offer-') && legId !== null && accepted.has(legId),
    );
    this.#count('of them after the accept', afterAccept.length);
    this.#count('messages', record.messages.length);
    for (const event of events) {
      if (event.kind === 'hello-sent') this.#count('sockets', 1);
      if (event.kind === 'fault') this.#count(event.what.replace(/:.*/, ''), 1);
    }
  }

  toString(): string {
    return [...this.#counts].map(([what, count]) => `${count} ${what}`).join(', ');
  }

  #count(what: string, more: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + more);
  }
}

function callsWith(wanted: string, events: readonly CallEvent[]): number {
  return new Set(events.filter(({ type }) => type === wanted).map(({ callId }) => callId)).size;
}
