/** The time and its timers. A test hands in a clock of its own, so that it need not wait. */
export interface Clock {
  /** Milliseconds since 1970, by this device. */
  now(): number;
  /** Runs `run` once after `ms`. Returns the function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
