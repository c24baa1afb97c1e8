/**
 * Counts of times by fixed buckets. A median cannot be made from the medians of hours. Histograms of hours can be
 * added, and a percentile of any span is read from the sum. It lies in the bucket in which the exact value lies: below
 * two minutes it is wrong by 30 s at most, and by half of the exact value at most from 10 s on. Each bucket costs time: a
 * year by agents is some 190,000 rows, and each sum of a bucket some 10 ms.
 */

/** The upper bounds of all buckets but the last one, which is open. The same as `histogram_bounds` of 14-reports.sql. */
export const HISTOGRAM_BOUNDS_MS: readonly number[] = [
  2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600,
].map((seconds) => seconds * 1_000);

/** A count for each bucket. */
export type Histogram = readonly number[];

export const NO_HISTOGRAM: Histogram = [...HISTOGRAM_BOUNDS_MS, Infinity].map(() => 0);

export const sumOf = (a: Histogram, b: Histogram): Histogram => a.map((n, i) => n + (b[i] ?? 0));

/** In ms; null without any time. `share` is 0.5 for the median. A value above the last bound is told as that bound. */
export function percentile(histogram: Histogram, share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let before = 0;
  for (const [bucket, count] of histogram.entries()) {
    if (before + count >= rank && count > 0) {
      const low = HISTOGRAM_BOUNDS_MS[bucket - 1] ?? 0;
      const high = HISTOGRAM_BOUNDS_MS[bucket] ?? low;
      return low + ((high - low) * (rank - before)) / count;
    }
    before += count;
  }
  return HISTOGRAM_BOUNDS_MS.at(-1) ?? null;
}

/** SQL: an array with one expression for each bucket. `element` gets the bucket, from 0 on. */
export const histogramArray = (element: (bucket: number) => string): string =>
  `array[${NO_HISTOGRAM.map((_, bucket) => element(bucket)).join(', ')}]`;
