import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { systemClock } from '../../src/platform/clock.ts';
import type { Platform, PlatformSocket } from '../../src/platform/platform.ts';

/** The platform of a client in Node: storage in memory, no locks, no page events. */
export function nodePlatform(
  openSocket: (address: string) => WebSocket = (address) => new WebSocket(address),
): Platform {
  const stored = new Map<string, string>();
  return {
    clock: systemClock,
    page: {
      hidden: false,
      address: 'https://shop.example.com/help',
      phone: false,
      language: 'en',
      onWake: () => () => {},
    },
    storage: {
      read: (key) => stored.get(key) ?? null,
      write: (key, value) => void stored.set(key, value),
      remove: (key) => void stored.delete(key),
    },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    resolve: (path, base) => new URL(path, base).href,
    openSocket(address) {
      const socket = openSocket(address);
      socket.on('error', () => {
        // A `close` follows, which the client handles. An `error` without a listener would end the process.
      });
      return socket as PlatformSocket;
    },
    async request({ address, body, cancellation, ...init }) {
      const abort = new AbortController();
      cancellation.onCancel(() => abort.abort());
      const response = await fetch(address, {
        ...init,
        ...(body ? { body: body as string | Blob } : {}),
        signal: abort.signal,
      });
      return {
        status: response.status,
        json: () => response.json(),
        picture: () => response.blob(),
      };
    },
    requestLock: async () => ({ release() {} }),
  };
}
