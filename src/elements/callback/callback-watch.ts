import type { OwnCallback } from '../../protocol/rest/own-callback.ts';
import { UnknownCodeError, type OwnCallbackClient } from './own-callback.ts';

export interface CallbackSnapshot {
  /** Null until the server has answered. */
  readonly callback: OwnCallback | null;
  /** `unknown`: the code opens nothing. */
  readonly state: 'loading' | 'known' | 'unknown';
  /** The last request got no answer. */
  readonly offline: boolean;
  /** The agent is in the room: the visitor is asked in. */
  readonly ringing: boolean;
}

/** A visitor has 2 minutes to come in. */
const NEAR_MS = 3_000;
const WAITING_MS = 10_000;

/** Reads a callback again and again, often once its turn is near, until it is over. */
export class CallbackWatch {
  readonly #listeners = new Set<() => void>();
  #snapshot: CallbackSnapshot = {
    callback: null,
    state: 'loading',
    offline: false,
    ringing: false,
  };
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading = false;

  constructor(
    private readonly client: Pick<OwnCallbackClient, 'read' | 'cancel' | 'agree' | 'code'>,
  ) {}

  get code(): string {
    return this.client.code;
  }

  getSnapshot(): CallbackSnapshot {
    return this.#snapshot;
  }

  /** Calls `listener` after each answer. Returns the function that stops it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  open(): void {
    // Timers are slow in a hidden page.
    document.addEventListener('visibilitychange', () => this.#readSoon(), {
      signal: this.#stop.signal,
    });
    void this.#read();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  /** Rejects if the server did not answer. */
  async cancel(): Promise<void> {
    await this.client.cancel();
    await this.#read();
  }

  /** Agrees to what the site asks before the visitor enters. Rejects if the server did not answer, or refused. */
  async agree(): Promise<void> {
    const consent = this.#snapshot.callback?.consent;
    if (consent) await this.client.agree(consent.version);
  }

  #readSoon(): void {
    if (!document.hidden && this.#timer !== undefined) void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#reading) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reading = true;
    try {
      const callback = await this.client.read(this.#stop.signal);
      const ringing = callback.state === 'calling' && callback.answerBy !== null;
      this.#update({ callback, state: 'known', offline: false, ringing });
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof UnknownCodeError) {
        this.#update({ callback: null, state: 'unknown', offline: false, ringing: false });
      } else this.#update({ offline: true });
    } finally {
      this.#reading = false;
    }
    const pause = this.#pause();
    if (pause === null || this.#stop.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#read(), pause);
  }

  #update(change: Partial<CallbackSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Null: it is over. */
  #pause(): number | null {
    const { state, callback } = this.getSnapshot();
    if (state === 'unknown') return null;
    switch (callback?.state) {
      case 'due':
      case 'offering':
      case 'calling':
        return NEAR_MS;
      case 'waiting':
      case undefined:
        return WAITING_MS;
      default:
        return null;
    }
  }
}

/** Whether the visitor may still be called, now or after an answer of an agent. */
export function isOpenCallback({ state, callback }: CallbackSnapshot): boolean {
  if (state === 'loading') return true;
  const over = ['reached', 'no-answer', 'expired', 'cancelled'];
  return state === 'known' && !over.includes(callback?.state ?? '');
}
