import type { HeldLock, Platform } from '../../platform/platform.ts';

/** An earlier page that was reloaded, or a call that has just ended, may hold the lock for a moment longer. */
const WAIT_AFTER_LOAD_MS = 1_000;
const WAIT_AFTER_PRESS_MS = 250;
const RETRY_MS = 50;

/** Makes sure that one tab of a visitor holds the call. */
export class CallLock {
  readonly #name: string;

  constructor(
    private readonly platform: Pick<Platform, 'clock' | 'requestLock' | 'resolve'>,
    server: string,
    site: string,
  ) {
    this.#name = `rtc-desk:call:${platform.resolve('/', server)}:${site}`;
  }

  /** Resolves to null if another tab holds the lock. `onLost` is called when another tab takes it away. */
  take(onLost: () => void): Promise<HeldLock | null> {
    return this.#takeWithin(WAIT_AFTER_PRESS_MS, onLost);
  }

  takeAfterLoad(onLost: () => void): Promise<HeldLock | null> {
    return this.#takeWithin(WAIT_AFTER_LOAD_MS, onLost);
  }

  /** Resolves when no tab holds the lock any more. */
  async untilFree(): Promise<void> {
    (await this.platform.requestLock(this.#name, 'wait', () => {}))?.release();
  }

  /** Takes the lock away from the tab that holds it. A page that may not use locks goes on without. */
  async steal(onLost: () => void): Promise<HeldLock> {
    return (await this.platform.requestLock(this.#name, 'steal', onLost)) ?? { release() {} };
  }

  /** Counts attempts, not time: on a slow machine the first answer takes longer than the whole wait. */
  async #takeWithin(waitMs: number, onLost: () => void): Promise<HeldLock | null> {
    const { clock } = this.platform;
    for (let left = waitMs; ; left -= RETRY_MS) {
      const lock = await this.platform.requestLock(this.#name, 'try', onLost);
      if (lock || left <= 0) return lock;
      await new Promise<void>((resolve) => void clock.after(RETRY_MS, resolve));
    }
  }
}
