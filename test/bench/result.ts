/** One measured value, with its peers of the same run. `--json` prints this, without `absent`. */
export interface Result {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly peers: Readonly<Record<string, number>>;
  /** value / the first peer; null if there is no peer to compare with. */
  readonly ratio: number | null;
  /** What the project allows itself, in words. */
  readonly budget: string;
  readonly ok: boolean;
  /** Peers that are not installed on this machine. */
  readonly absent?: readonly string[];
}

/** A benchmark, with its name for `--only`. */
export interface Benchmark {
  readonly name: string;
  run(): Promise<readonly Result[]>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('no values');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

/** For people: three digits, or whole numbers from 100 on. */
export function round(value: number): string {
  return value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
}
