/**
 * What the core (signaling/, call/ and chat/desk/) needs of its surroundings. The core uses only globals of the
 * language itself, so that it also runs in a mini program or in Node. `browser.ts` is the browser's platform.
 */
import type { Cancellation } from './cancellation.ts';
import type { Clock } from './clock.ts';

export interface Platform {
  readonly clock: Clock;
  readonly page: Page;
  readonly storage: KeyValueStorage;
  /** Cryptographically secure. */
  randomBytes(count: number): Uint8Array;
  /** The absolute address of `path` on the server of `base`. Throws if `base` is not an address. */
  resolve(path: string, base: string): string;
  /** Opens a WebSocket. Throws if the address is not one that this page may open. */
  openSocket(address: string): PlatformSocket;
  /** Rejects if no answer came. */
  request(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Takes the lock of this name, which one page of an origin holds at a time. If another page holds it: `try` resolves to
   * null, `wait` waits, and `steal` takes it from that page, whose `onLost` is called.
   */
  requestLock(
    name: string,
    mode: 'try' | 'wait' | 'steal',
    onLost: () => void,
  ): Promise<HeldLock | null>;
}

export interface Page {
  /** Whether nobody can see it now. */
  readonly hidden: boolean;
  /** Without query and fragment: they may hold secrets. */
  readonly address: string;
  /** Whether its pointer is a finger. */
  readonly phone: boolean;
  /** The person's language, as a BCP 47 tag. */
  readonly language: string;
  /** Calls `listener` when the network is back and when the page becomes visible. Returns the unsubscribe function. */
  onWake(listener: () => void): () => void;
}

/** Texts that outlive a reload. If the platform refuses storage, they live as long as the page. Never throws. */
export interface KeyValueStorage {
  read(key: string): string | null;
  write(key: string, value: string): void;
  remove(key: string): void;
}

/** The shape of a browser's WebSocket, as far as signaling uses it. */
export interface PlatformSocket {
  /** 1: open. */
  readonly readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  send(data: string): void;
  close(): void;
}

/** A picture of a person's. The core hands it on and never looks inside. In a browser it is a Blob. */
export interface Picture {
  /** In bytes. */
  readonly size: number;
  /** As a MIME type, '' if unknown. */
  readonly type: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Picture;
  /** The request goes on if the page is left. */
  readonly keepalive?: boolean;
  readonly cancellation: Cancellation;
}

export interface HttpResponse {
  readonly status: number;
  json(): Promise<unknown>;
  picture(): Promise<Picture>;
}

export interface HeldLock {
  release(): void;
}
