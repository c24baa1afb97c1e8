/** Time as something that can be handed in, so that a test need not wait. */
export interface Clock {
  /** Milliseconds since 1970, by this browser. */
  now(): number;
  /** Runs `run` once after `ms`. Returns the function that calls it off. */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
