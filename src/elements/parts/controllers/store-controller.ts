import type { ReactiveController, ReactiveControllerHost } from 'lit';

interface Source<S> {
  getSnapshot(): Readonly<S>;
  subscribe(listener: () => void): () => void;
}

/**
 * Renders its host after each change of a store, for as long as the host is on the page. Which store is
 * asked anew before each update, so that it may be a property of the host.
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

  /** The store's state at this moment; null where there is no store. */
  get snapshot(): Readonly<S> | null {
    return this.#find()?.getSnapshot() ?? null;
  }

  hostConnected(): void {
    this.#follow();
    // What changed while the host was off the page has not been rendered.
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
 * Resolves in a task of its own. An element that shows a call renders then: what a snapshot set going (an answer, a
 * connection, a device) is under way before it is drawn. In a hidden tab, where nobody looks, up to a second later.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
