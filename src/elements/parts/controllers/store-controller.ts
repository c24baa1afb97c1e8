import { urgentWorkDone } from '../../../call/urgent-work.ts';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** If an answer takes longer, the room is shown meanwhile. */
const MAX_WAIT_MS = 1_000;

interface Source<S> {
  getSnapshot(): Readonly<S>;
  subscribe(listener: () => void): () => void;
}

/**
 * Renders its host after each change of a store, while the host is on the page. The store is looked up before
 * each update, so that it may be a property of the host.
 */
export class StoreController<S> implements ReactiveController {
  readonly #host: ReactiveControllerHost & { readonly isConnected: boolean };
  readonly #find: () => Source<S> | null | undefined;
  #source: Source<S> | null = null;
  #stop: (() => void) | null = null;

  constructor(
    host: ReactiveControllerHost & { readonly isConnected: boolean },
    find: () => Source<S> | null | undefined,
  ) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  /** The store's state at this moment; null if there is no store. */
  get snapshot(): Readonly<S> | null {
    return this.#find()?.getSnapshot() ?? null;
  }

  hostConnected(): void {
    this.#follow();
    // Changes while the host was off the page have not been rendered.
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    if (this.#host.isConnected) this.#follow();
  }

  hostDisconnected(): void {
    this.#letGo();
  }

  #follow(): void {
    const source = this.#find() ?? null;
    if (source === this.#source) return;
    this.#letGo();
    this.#source = source;
    this.#stop = source?.subscribe(() => this.#host.requestUpdate()) ?? null;
  }

  #letGo(): void {
    this.#stop?.();
    this.#stop = null;
    this.#source = null;
  }
}

/**
 * Resolves in a later task, when no urgent work is left. Elements that show a call wait for it before they render: work
 * that a snapshot started (an answer, a connection, a device) goes first. A render of the room takes longer than an
 * answer to an offer, and the browser would not go on with that answer before the render is done. It
 * waits for at most a second. In a hidden tab it takes longer.
 */
export async function nextTask(): Promise<void> {
  await pause(0);
  await Promise.race([urgentWorkDone(), pause(MAX_WAIT_MS)]);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
