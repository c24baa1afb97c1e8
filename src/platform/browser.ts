import { systemClock } from './clock.ts';
import type { HeldLock, KeyValueStorage, Page, Platform, PlatformSocket } from './platform.ts';

/** What the browser refused to store: storage is blocked for this page, or full. */
const memory = new Map<string, string>();

const storage: KeyValueStorage = {
  read(key) {
    try {
      return memory.get(key) ?? localStorage.getItem(key);
    } catch {
      return memory.get(key) ?? null;
    }
  },
  write(key, value) {
    memory.delete(key);
    try {
      localStorage.setItem(key, value);
    } catch {
      memory.set(key, value);
    }
  },
  remove(key) {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing is stored there.
    }
  },
};

const page: Page = {
  get hidden() {
    return document.hidden;
  },
  get address() {
    return location.origin + location.pathname;
  },
  get phone() {
    return matchMedia('(pointer: coarse)').matches;
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
function requestLock(
  name: string,
  mode: 'try' | 'wait' | 'steal',
  onLost: () => void,
): Promise<HeldLock | null> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return Promise.resolve({ release() {} });
  return new Promise((resolve) => {
    let held = false;
    locks
      .request(
        name,
        mode === 'steal' ? { steal: true } : { ifAvailable: mode === 'try' },
        (granted) => {
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
        },
      )
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
  request: async (request) => (await import('./browser-request.ts')).browserRequest(request),
  requestLock,
};
