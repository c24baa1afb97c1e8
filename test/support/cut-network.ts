/**
 * This page without a network: what would leave the machine is noted, and fails as it does without one.
 * Timers and sockets that somebody starts meanwhile are counted, so that what is left over shows.
 */
export class CutNetwork {
  /** Addresses that were asked for. */
  readonly asked: string[] = [];
  readonly #sockets = new Set<CutSocket>();
  readonly #intervals = new Set<unknown>();
  readonly #restore: (() => void)[] = [];

  constructor() {
    // eslint-disable-next-line @typescript-eslint/no-this-alias
    const network = this;
    this.#replace(
      'WebSocket',
      class extends CutSocket {
        constructor(url: string) {
          super(url);
          network.asked.push(url);
          network.#sockets.add(this);
        }
      },
    );
    this.#replace(
      'XMLHttpRequest',
      class extends XMLHttpRequest {
        override open(method: string, url: string): void {
          network.asked.push(url);
          // Port 9 of this machine: nobody is there.
          super.open(method, 'http://127.0.0.1:9/');
        }
      },
    );
    const { fetch } = window;
    this.#replace('fetch', (input: RequestInfo | URL, init?: RequestInit) => {
      const { href, origin } = new URL(input instanceof Request ? input.url : input, location.href);
      if (origin === location.origin) return fetch(input, init);
      network.asked.push(href);
      return Promise.reject(new TypeError('Failed to fetch'));
    });
    // A worker would have a network of its own, and the bundle does without (.config/sdk-chunks.mjs).
    this.#replace('Worker', undefined);
    const { setInterval: set, clearInterval: clear } = window;
    this.#replace('setInterval', (...args: Parameters<typeof set>) => {
      const timer = set(...args);
      this.#intervals.add(timer);
      return timer;
    });
    this.#replace('clearInterval', (timer: number) => {
      this.#intervals.delete(timer);
      clear(timer);
    });
  }

  get hosts(): string[] {
    return [...new Set(this.asked.map((address) => new URL(address).host))].sort();
  }

  /** What still runs. */
  get leftovers(): string[] {
    const open = [...this.#sockets].filter(({ readyState }) => readyState !== WebSocket.CLOSED);
    return [...open.map(({ url }) => url), ...[...this.#intervals].map(() => 'interval')];
  }

  restore(): void {
    for (const restore of this.#restore.splice(0)) restore();
  }

  #replace(
    name: (keyof Window & string) | 'WebSocket' | 'XMLHttpRequest' | 'Worker' | 'fetch',
    value: unknown,
  ) {
    const before = Object.getOwnPropertyDescriptor(window, name)!;
    this.#restore.push(() => Object.defineProperty(window, name, before));
    Object.defineProperty(window, name, { ...before, value });
  }
}

/** Connects to nobody, for as long as one waits, as behind a firewall that drops what it does not like. */
class CutSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly extensions = '';
  readyState: number = CutSocket.CONNECTING;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly url: string) {
    super();
  }

  send(): void {
    throw new DOMException('not connected', 'InvalidStateError');
  }

  close(): void {
    this.readyState = CutSocket.CLOSED;
    this.onclose?.({ code: 1006, reason: '' });
  }
}
