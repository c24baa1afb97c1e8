/** A former self (a page that was reloaded, a call that has just ended) may take a moment to let go, in ms. */
const AFTER_LOAD = 1_000;
const AFTER_PRESS = 250;
const LOOK_EVERY = 50;

export interface HeldLock {
  release(): void;
}

/**
 * Sees to it that one tab of a visitor holds the call. Where the browser has no Web Locks (a page without
 * HTTPS) every tab gets it, and the server closes the earlier one's socket.
 */
export class CallLock {
  readonly #name: string;

  constructor(server: string, site: string) {
    this.#name = `rtc-desk:call:${new URL(server).origin}:${site}`;
  }

  /** null where another tab holds it. `lost` is called when another tab takes it away. */
  take(lost: () => void): Promise<HeldLock | null> {
    return this.#takeWithin(AFTER_PRESS, lost);
  }

  takeAfterLoad(lost: () => void): Promise<HeldLock | null> {
    return this.#takeWithin(AFTER_LOAD, lost);
  }

  /** Takes it away from whichever tab has it. */
  async steal(lost: () => void): Promise<HeldLock> {
    return (await this.#request({ steal: true }, lost)) ?? { release() {} };
  }

  /**
   * Only an answer that somebody has it counts, however late the browser gives it: on a slow machine the first takes
   * longer than anybody would wait for another tab.
   */
  async #takeWithin(patience: number, lost: () => void): Promise<HeldLock | null> {
    for (let left = patience; ; left -= LOOK_EVERY) {
      const lock = await this.#request({ ifAvailable: true }, lost);
      if (lock || left <= 0) return lock;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  }

  #request(options: LockOptions, lost: () => void): Promise<HeldLock | null> {
    const { locks } = navigator as { locks?: LockManager };
    if (!locks) return Promise.resolve({ release() {} });
    return new Promise((resolve) => {
      let holding = false;
      locks
        .request(this.#name, options, (granted) => {
          if (!granted) return resolve(null);
          holding = true;
          return new Promise<void>((done) => {
            resolve({
              release() {
                holding = false;
                done();
              },
            });
          });
        })
        .catch(() => {
          // Stolen while held; or never held: this frame may not use locks.
          if (holding) lost();
          resolve(null);
        });
    });
  }
}
