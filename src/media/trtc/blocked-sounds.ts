/** Whose sound the browser does not play before somebody presses something, with what starts it inside of that press. */
export class TrtcBlockedSounds {
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

  /** To be called inside a click. Never rejects. */
  async start(): Promise<void> {
    await Promise.all(
      [...this.#blocked].map(async ([userId, resume]) => {
        try {
          await resume();
          this.#blocked.delete(userId);
        } catch {
          // Still refused: the button stays.
        }
      }),
    );
  }
}
