import { urgentWorkDone } from '../../../platform/urgent-work.ts';
import type { ReactiveController, ReactiveControllerHost } from 'lit';

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
 * Resolves in a task of its own. Elements that show a call wait for it before they render: work that a snapshot
 * started (an answer, a connection, a device) goes first. In a hidden tab it takes up to a second.
 */
export async function nextTask(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
  await urgentWorkDone();
}
