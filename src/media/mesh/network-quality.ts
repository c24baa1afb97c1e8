import type { Quality } from '../media.ts';

/** The measurements of one direction in the last interval. `null`: unknown. */
export interface DirectionSample {
  /** In ms. */
  readonly roundTrip: number | null;
  /** The share of lost packets, 0 to 1. */
  readonly loss: number | null;
  /** In ms, as RFC 3550 defines it. */
  readonly jitter: number | null;
  /** The estimated capacity in bits a second. Only the sender knows it. */
  readonly available: number | null;
  /** The share of the interval, 0 to 1, in which the picture froze. Only the receiver knows it. */
  readonly frozen: number | null;
}

/** Delay of capture, encoding and an idle decoder's buffer. */
const DEVICES_DELAY_MS = 40;
/** R without any impairment: ITU-T G.107, default settings. */
const BEST_RATING = 93.2;
/** The packet-loss robustness of wideband Opus with concealment, near G.113's values for a codec with PLC. */
const LOSS_ROBUSTNESS = 20;
/** The lowest R of the categories best, high, medium and low (ITU-T G.109, table 1). Below the last one is poor. */
const CATEGORIES: readonly [lowest: number, quality: Quality][] = [
  [90, 5],
  [80, 4],
  [70, 3],
  [60, 2],
];
/** Below these rates a picture stutters: WebRTC gives 180 lines 100 kb/s and 270 lines 250 kb/s. */
const BITRATES: readonly [below: number, atMost: Quality][] = [
  [100_000, 2],
  [250_000, 3],
];
/** Freezes disturb a viewer most (ITU-T P.1203): 2 % are noticed, 10 % are bad. */
const FREEZES: readonly [above: number, atMost: Quality][] = [
  [0.1, 2],
  [0.02, 4],
];

/**
 * 0 if neither loss nor delay is known; otherwise 1 to 5: the E-model's rating R (ITU-T G.107, with the reduced delay
 * term of Cole and Rosenbluth, "Voice over IP performance monitoring", 2001) in the categories of G.109. Bitrate and
 * freezes limit it.
 */
export function networkQuality(sample: DirectionSample): Quality {
  const { roundTrip, loss, jitter, available, frozen } = sample;
  if (roundTrip === null && loss === null) return 0;
  if (loss === 1) return 0;
  const delay = (roundTrip ?? 0) / 2 + 2 * (jitter ?? 0) + DEVICES_DELAY_MS;
  const percent = 100 * (loss ?? 0);
  const byDelay = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const byLoss = (95 * percent) / (percent + LOSS_ROBUSTNESS);
  const rating = BEST_RATING - byDelay - byLoss;
  let quality: number = CATEGORIES.find(([lowest]) => rating >= lowest)?.[1] ?? 1;
  for (const [below, atMost] of BITRATES) {
    if (available !== null && available < below) quality = Math.min(quality, atMost);
  }
  for (const [above, atMost] of FREEZES) {
    if (frozen !== null && frozen > above) quality = Math.min(quality, atMost);
  }
  return quality as Quality;
}

/**
 * By loss and bitrate alone: what the network carries. Delay, jitter and freezes also come from a busy device, and less
 * traffic does not mend them.
 */
export const carriedQuality = (sample: DirectionSample): Quality =>
  networkQuality({ ...sample, roundTrip: null, jitter: null, frozen: null });

/** The worst of the known ones; 0 if none is known. */
export function worstQuality(qualities: readonly Quality[]): Quality {
  const known = qualities.filter((quality) => quality > 0);
  return known.length === 0 ? 0 : (Math.min(...known) as Quality);
}
