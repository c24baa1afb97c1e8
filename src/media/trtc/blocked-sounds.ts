/** The users whose sound the browser does not play before the person presses something. */
export class TrtcBlockedSounds {
  /** By user id: the function that starts the sound within a click. */
  readonly #blocked = new Map<string, () => Promise<void>>();

  get any(): boolean {
    return this.#blocked.size > 0;
  }

  add(userId: string, resume: () => Promise<void>): void {
    this.#blocked.set(userId, resume);
  }

  /** Returns whether it was blocked. */
  delete(userId: string): boolean {
    return this.#blocked.delete(userId);
  }

  clear(): void {
    this.#blocked.clear();
  }

  /** To be called within a click. Never rejects. */
  async start(): Promise<void> {
    await Promise.all(
      [...this.#blocked].map(async ([userId, resume]) => {
        try {
          await resume();
          this.#blocked.delete(userId);
        } catch {
          // Still blocked: the button stays.
        }
      }),
    );
  }
}
