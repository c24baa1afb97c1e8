import type { Quality } from '../../../media/media.ts';

/** What is sent: everything; sound without pictures; nothing but the conversation. The best first. */
export const MODES = ['video', 'audio', 'chat'] as const;
export type MediaMode = (typeof MODES)[number];

export interface ModeState {
  readonly mode: MediaMode;
  /** For how long, in ms, the quality has been too bad for this mode, or good enough for the next better one. */
  readonly badFor: number;
  readonly goodFor: number;
  /** How long it has to be good before the next rise, in ms. */
  readonly riseAfter: number;
  /** Since the last rise, in ms; null: there was none, or it has lasted. */
  readonly sinceRise: number | null;
}

/**
 * Low (R below 70 in ITU-T G.107, "many users dissatisfied" in G.109), and so is every connection below 100 kb/s, with
 * which WebRTC sends no more than 180 lines (network-quality.ts). Pictures then take from the sound.
 */
const TOO_BAD_FOR_VIDEO: Quality = 2;
/** Poor (R below 60, "nearly all users dissatisfied"): hardly to be understood. */
const TOO_BAD_FOR_SOUND: Quality = 1;
/** One category above the one that led down. */
const GOOD_FOR_VIDEO: Quality = 3;
const GOOD_FOR_SOUND: Quality = 2;
/** The length of the sequences that people rate in ITU-T P.910. A shorter disturbance passes. */
const FALL_AFTER_MS = 10_000;
/** People bear bad sound for longer than no sound. */
const SILENCE_AFTER_MS = 20_000;
const RISE_AFTER_MS = 20_000;
const LONGEST_RISE_AFTER_MS = 160_000;
/** A rise that lasts for so long was right. One that does not doubles the wait before the next. */
const RISE_HOLDS_AFTER_MS = 60_000;

export const FIRST_STATE: ModeState = {
  mode: 'video',
  badFor: 0,
  goodFor: 0,
  riseAfter: RISE_AFTER_MS,
  sinceRise: null,
};

/**
 * The mode after `elapsed` ms with this quality. 0 is unknown, and changes nothing. The mode changes one step at
 * a time, and only after the quality has lasted. A quality between the two thresholds keeps the mode.
 */
export function nextMode(state: ModeState, quality: Quality, elapsed: number): ModeState {
  if (quality === 0) return state;
  const { mode } = state;
  const badFor = isTooBad(mode, quality) ? state.badFor + elapsed : 0;
  const goodFor = isGoodForMore(mode, quality) ? state.goodFor + elapsed : 0;
  const since = state.sinceRise === null ? null : state.sinceRise + elapsed;
  const lasts = since !== null && since >= RISE_HOLDS_AFTER_MS;
  const riseAfter = lasts ? RISE_AFTER_MS : state.riseAfter;
  const sinceRise = lasts ? null : since;
  if (badFor >= (mode === 'video' ? FALL_AFTER_MS : SILENCE_AFTER_MS)) {
    const failed = sinceRise !== null;
    return {
      ...FIRST_STATE,
      mode: mode === 'video' ? 'audio' : 'chat',
      riseAfter: failed ? Math.min(LONGEST_RISE_AFTER_MS, riseAfter * 2) : riseAfter,
    };
  }
  if (goodFor >= riseAfter) {
    return { ...FIRST_STATE, mode: mode === 'chat' ? 'audio' : 'video', riseAfter, sinceRise: 0 };
  }
  return { mode, badFor, goodFor, riseAfter, sinceRise };
}

const isTooBad = (mode: MediaMode, quality: Quality): boolean =>
  mode !== 'chat' && quality <= (mode === 'video' ? TOO_BAD_FOR_VIDEO : TOO_BAD_FOR_SOUND);

const isGoodForMore = (mode: MediaMode, quality: Quality): boolean =>
  mode !== 'video' && quality >= (mode === 'audio' ? GOOD_FOR_VIDEO : GOOD_FOR_SOUND);

/** The one with the least. */
export const worstMode = (modes: readonly MediaMode[]): MediaMode =>
  MODES[Math.max(0, ...modes.map((mode) => MODES.indexOf(mode)))]!;
