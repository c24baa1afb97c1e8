interface Lock extends EventTarget {
  release(): Promise<void>;
}

/** `navigator.wakeLock`, which iOS has since 16.4. */
export interface WakeLocks {
  request(type: 'screen'): Promise<Lock>;
}

/** The part of a document that says whether the page is seen. */
type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;

/** Keeps the screen on. The browser takes the lock from a hidden page, so that it is asked for again. */
export class WakeLock {
  readonly #locks: WakeLocks;
  readonly #page: Page;
  #lock: Lock | null = null;
  #held = false;

  constructor(locks: WakeLocks, page: Page = document) {
    this.#locks = locks;
    this.#page = page;
  }

  hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.#page.addEventListener('visibilitychange', this.#request);
    void this.#request();
  }

  release(): void {
    this.#held = false;
    this.#page.removeEventListener('visibilitychange', this.#request);
    this.#letGo();
  }

  readonly #request = async (): Promise<void> => {
    if (this.#page.visibilityState !== 'visible') return;
    try {
      const lock = await this.#locks.request('screen');
      this.#letGo();
      this.#lock = lock;
      // It was released while the browser decided.
      if (!this.#held) this.#letGo();
    } catch (error) {
      // A phone that saves its battery refuses. The call goes on.
      console.warn('rtc-desk', error);
    }
  };

  #letGo(): void {
    this.#lock?.release().catch((error: unknown) => console.warn('rtc-desk', error));
    this.#lock = null;
  }
}
