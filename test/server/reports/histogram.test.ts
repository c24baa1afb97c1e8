import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  HISTOGRAM_BOUNDS_MS,
  NO_HISTOGRAM,
  percentile,
  sumOf,
  type Histogram,
} from '../../../src/server/reports/histogram.ts';

const bucketOf = (ms: number): number => HISTOGRAM_BOUNDS_MS.filter((bound) => bound <= ms).length;

function histogramOf(times: readonly number[]): Histogram {
  const counts = [...NO_HISTOGRAM];
  for (const ms of times) counts[bucketOf(ms)]! += 1;
  return counts;
}

/** The value that so many of the times do not exceed. */
function exactPercentile(times: readonly number[], share: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const LAST_BOUND = HISTOGRAM_BOUNDS_MS.at(-1)!;
const times = fc.array(fc.integer({ min: 0, max: LAST_BOUND - 1 }), {
  minLength: 1,
  maxLength: 60,
});
const share = fc.constantFrom(0.5, 0.9);

describe('a percentile from a histogram', () => {
  it('lies in the bucket of the exact one', () => {
    fc.assert(
      fc.property(times, share, (values, of) => {
        const exact = bucketOf(exactPercentile(values, of));
        const told = percentile(histogramOf(values), of)!;
        assert.ok(told >= (HISTOGRAM_BOUNDS_MS[exact - 1] ?? 0));
        assert.ok(told <= HISTOGRAM_BOUNDS_MS[exact]!);
      }),
    );
  });

  it('is off by half of the exact one at most, from ten seconds on', () => {
    fc.assert(
      fc.property(times, share, (values, of) => {
        const exact = exactPercentile(values, of);
        fc.pre(exact >= 10_000);
        const told = percentile(histogramOf(values), of)!;
        assert.ok(Math.abs(told - exact) <= exact / 2, `${told} for ${exact}`);
      }),
    );
  });

  it('is the same for the sum of two histograms as for all times', () => {
    fc.assert(
      fc.property(times, times, share, (some, others, of) => {
        const sum = sumOf(histogramOf(some), histogramOf(others));
        assert.equal(percentile(sum, of), percentile(histogramOf([...some, ...others]), of));
      }),
    );
  });

  it('is the last bound for longer times, and nothing without times', () => {
    assert.equal(percentile(histogramOf([LAST_BOUND, LAST_BOUND * 9]), 0.5), LAST_BOUND);
    assert.equal(percentile(NO_HISTOGRAM, 0.5), null);
  });
});
