import { systemClock } from './clock.ts';
import type { HeldLock, KeyValueStorage, Page, Platform, PlatformSocket } from './platform.ts';

/** What the browser refused to store. */
const memory = new Map<string, string>();

/** Runs `use` with each storage until it answers true. Reading the property throws where storage is blocked. */
function withStorages(use: (storage: Storage) => boolean): boolean {
  return (['localStorage', 'sessionStorage'] as const).some((name) => {
    try {
      return use(window[name]);
    } catch {
      // Blocked for this page, or full: the next one is tried.
      return false;
    }
  });
}

const storage: KeyValueStorage = {
  read(key) {
    let value = memory.get(key) ?? null;
    if (value === null) withStorages((from) => (value = from.getItem(key)) !== null);
    return value;
  },
  write(key, value) {
    storage.remove(key);
    const stored = withStorages((into) => {
      into.setItem(key, value);
      return true;
    });
    if (!stored) memory.set(key, value);
  },
  remove(key) {
    memory.delete(key);
    withStorages((from) => {
      from.removeItem(key);
      return false;
    });
  },
};

const page: Page = {
  get address() {
    return location.origin + location.pathname;
  },
  get language() {
    return navigator.language;
  },
  onWake(listener) {
    const handle = ({ type }: Event) => {
      if (type === 'online' || document.visibilityState === 'visible') listener();
    };
    window.addEventListener('online', handle);
    document.addEventListener('visibilitychange', handle);
    return () => {
      window.removeEventListener('online', handle);
      document.removeEventListener('visibilitychange', handle);
    };
  },
};

/** A page without HTTPS has no locks: every tab gets the lock, and the server closes the earlier one's socket. */
function requestLock(name: string, steal: boolean, onLost: () => void): Promise<HeldLock | null> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return Promise.resolve({ release() {} });
  return new Promise((resolve) => {
    let held = false;
    locks
      .request(name, steal ? { steal } : { ifAvailable: true }, (granted) => {
        if (!granted) return resolve(null);
        held = true;
        return new Promise<void>((done) => {
          resolve({
            release() {
              held = false;
              done();
            },
          });
        });
      })
      .catch(() => {
        // Stolen while held; or never held, because this frame may not use locks.
        if (held) onLost();
        resolve(null);
      });
  });
}

export const browserPlatform: Platform = {
  clock: systemClock,
  page,
  storage,
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  resolve: (path, base) => new URL(path, base).href,
  openSocket: (address) => new WebSocket(address) as PlatformSocket,
  async request({ address, cancellation, body, ...init }) {
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
  requestLock,
};
