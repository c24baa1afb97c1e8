import type { FinalRecord, History } from './checker/history.ts';

/** What runs have come to, for a person to see that something was tried. */
export class DeedsDone {
  readonly #counts = new Map<string, number>();

  add({ events, record }: History): void {
    this.#count('runs', 1);
    this.#count('calls', record.calls.length);
    for (const state of ['accepted', 'connected'] as const) {
      this.#count(state, callsThatWere(state, record));
    }
    this.#count(
      'taken back',
      record.transitions.filter(({ to, from }) => to === 'queued' && from).length,
    );
    this.#count(
      'of them after the accept',
      record.transitions.filter(({ to, from }) => to === 'queued' && from && from !== 'offered')
        .length,
    );
    this.#count('messages', record.messages.length);
    for (const event of events) {
      if (event.kind === 'greeted') this.#count('sockets', 1);
      if (event.kind === 'troubled') this.#count(event.what.replace(/:.*/, ''), 1);
    }
  }

  toString(): string {
    return [...this.#counts].map(([what, count]) => `${count} ${what}`).join(', ');
  }

  #count(what: string, more: number): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + more);
  }
}

function callsThatWere(state: string, { transitions }: FinalRecord): number {
  return new Set(transitions.filter(({ to }) => to === state).map(({ callId }) => callId)).size;
}
