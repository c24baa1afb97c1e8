import type { Quality } from '../media.ts';

/** What was measured of one direction in the last interval. `null`: not known. */
export interface DirectionSample {
  /** ms, there and back. */
  readonly roundTrip: number | null;
  /** Of the packets, 0 to 1. */
  readonly loss: number | null;
  /** ms, as RFC 3550 reckons it. */
  readonly jitter: number | null;
  /** Bits a second that the way is estimated to carry; only the sender knows. */
  readonly available: number | null;
  /** Share of the interval, 0 to 1, for which the picture stood still; only the receiver knows. */
  readonly frozen: number | null;
}

/** Delay of capture, encoding and the decoder's buffer at rest, in ms. */
const DEVICES_DELAY = 40;
/** R without any impairment: ITU-T G.107, default settings. */
const BEST_RATING = 93.2;
/** Packet-loss robustness of wideband Opus with concealment, near G.113's values for a codec with PLC. */
const LOSS_ROBUSTNESS = 20;
/** Lowest R of the categories best, high, medium, low: ITU-T G.109, table 1. Below the last is poor. */
const CATEGORIES: readonly [lowest: number, quality: Quality][] = [
  [90, 5],
  [80, 4],
  [70, 3],
  [60, 2],
];
/** A picture below these is a slide show: 100 and 250 kb/s are what WebRTC gives 180 and 270 lines. */
const BITRATES: readonly [below: number, atMost: Quality][] = [
  [100_000, 2],
  [250_000, 3],
];
/** Stalls hurt more than anything else that a viewer meets (ITU-T P.1203): 2 % show, 10 % spoil it. */
const FREEZES: readonly [above: number, atMost: Quality][] = [
  [0.1, 2],
  [0.02, 4],
];

/**
 * 0 where neither loss nor delay is known, else 1 to 5: the E-model's rating R (ITU-T G.107, with the delay term as
 * Cole and Rosenbluth reduced it, "Voice over IP performance monitoring", 2001) in the categories of G.109;
 * never better than the bitrate and the freezes allow.
 */
export function networkQuality(sample: DirectionSample): Quality {
  const { roundTrip, loss, jitter, available, frozen } = sample;
  if (roundTrip === null && loss === null) return 0;
  if (loss === 1) return 0;
  const delay = (roundTrip ?? 0) / 2 + 2 * (jitter ?? 0) + DEVICES_DELAY;
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

/** The worse of those that are known; 0 where none is. */
export function worstQuality(qualities: readonly Quality[]): Quality {
  const known = qualities.filter((quality) => quality > 0);
  return known.length === 0 ? 0 : (Math.min(...known) as Quality);
}
