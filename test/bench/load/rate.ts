const TICK_MS = 2;

/** Calls `begin` at a fixed rate (calls a second), for so many seconds. It waits for nothing that it began. */
export function atRate(rate: number, seconds: number, begin: () => void): Promise<void> {
  const total = Math.round(rate * seconds);
  const started = performance.now();
  let begun = 0;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(total, ((performance.now() - started) / 1_000) * rate);
      for (; begun < due; begun += 1) begin();
      if (begun < total) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

/** The percentile `p` (0 to 1); NaN if there are no values. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}
