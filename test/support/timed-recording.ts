import assert from 'node:assert/strict';
import type { Frame } from 'puppeteer-core';
import { momentOf, type Segments } from '../../src/admin/pages/recordings/recording-clock.ts';
import type { Recording } from '../../src/protocol/rest/recordings.ts';
import { decodeRecording } from './decode-recording.ts';
import type { RestSession } from './rest-session.ts';
import { AGENT_MEDIA, SECRET_COLOUR, STEP_MS, stepAt, VISITOR_MEDIA } from './timed-media.ts';

/** By how much what is shown may differ from what belongs to its moment, in ms. */
const TOLERANCE_MS = 1_000;
/** The share of frames and of sounds that may be late by more. */
const MAX_WRONG = 0.1;
const MAX_FRAME_GAP_MS = 1_500;
/** The weakest tone that counts as heard. What is sounded has 0.3. */
const HEARD = 0.05;
/** The strongest that counts as not heard. */
const UNHEARD = 0.02;
/** Further from each colour of the media than this is another colour, as that of an empty tile. */
const NEAR_COLOUR = 130;

const FREQUENCIES = [
  ...[...VISITOR_MEDIA.tones, VISITOR_MEDIA.secretTone],
  ...[...AGENT_MEDIA.tones, AGENT_MEDIA.secretTone],
];

/** What is seen or heard of a person: what the person did at that moment, something else of the media, or neither. */
type Finding = 'right' | 'wrong' | 'nothing';

/** One frame, or a tenth of a second of sound. */
export interface Observed {
  /** When it was recorded, in ms since 1970, as the player says. */
  readonly moment: number;
  readonly visitor: Finding;
  readonly agent: Finding;
  /** Whether it shows or sounds anything that was secret. */
  readonly secret: boolean;
}

/** What a call between two people with timed media has left. */
export interface TimedRecording {
  readonly recording: Recording;
  readonly segments: Segments;
  /** Of the decoded file. */
  readonly seconds: number;
  readonly frames: readonly Observed[];
  readonly sounds: readonly Observed[];
}

/** Decodes the recording, which has one file, in this page. */
export async function readTimedRecording(
  owner: RestSession,
  recording: Recording,
  page: Frame,
): Promise<TimedRecording> {
  const { segments } = recording.manifest!;
  const file = await owner.read(`/recordings/${recording.id}/file`);
  const { seconds, frames, sound } = await decodeRecording(page, file, FREQUENCIES);
  const momentAt = (at: number) => momentOf(segments, { part: 1, seconds: at })!;
  const strengthOf = (strengths: readonly number[], tone: number) =>
    strengths[FREQUENCIES.indexOf(tone)]!;
  return {
    recording,
    segments,
    seconds,
    frames: frames.map(({ at, left, right }) => {
      const moment = momentAt(at);
      const [visitor, agent] = [nameOf(left), nameOf(right)];
      return {
        moment,
        visitor: find(moment, VISITOR_MEDIA.colours, (colour) => colour === visitor),
        agent: find(moment, AGENT_MEDIA.colours, (colour) => colour === agent),
        secret: [visitor, agent].includes(SECRET_COLOUR),
      };
    }),
    sounds: sound.map(({ at, strengths }) => {
      const moment = momentAt(at);
      const isHeard = (tone: number) => strengthOf(strengths, tone) > HEARD;
      return {
        moment,
        visitor: find(moment, VISITOR_MEDIA.tones, isHeard),
        agent: find(moment, AGENT_MEDIA.tones, isHeard),
        secret: [VISITOR_MEDIA, AGENT_MEDIA].some(
          ({ secretTone }) => strengthOf(strengths, secretTone) > UNHEARD,
        ),
      };
    }),
  };
}

/** `media`: what a person shows or sounds, step by step. */
function find<T>(moment: number, media: readonly T[], isThere: (one: T) => boolean): Finding {
  const around = [moment, moment - TOLERANCE_MS, moment + TOLERANCE_MS];
  if (around.some((ms) => isThere(media[stepAt(ms)]!))) return 'right';
  return media.some(isThere) ? 'wrong' : 'nothing';
}

/** The colour of the media that is nearest; null if none is near. */
function nameOf(colour: readonly [number, number, number]): string | null {
  const distanceTo = (name: string) =>
    Math.hypot(
      ...[1, 3, 5].map((at, index) => parseInt(name.slice(at, at + 2), 16) - colour[index]!),
    );
  const [nearest] = [...VISITOR_MEDIA.colours, SECRET_COLOUR]
    .map((name) => ({ name, distance: distanceTo(name) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance < NEAR_COLOUR ? nearest.name : null;
}

/** A span of time, in ms since 1970. */
export type Span = readonly [from: number, to: number];

/** The share of what lies in this span that is wrong, 0 to 1. */
function wrongShare(
  observed: readonly Observed[],
  person: 'visitor' | 'agent',
  [from, to]: Span,
): number {
  const inside = observed.filter(({ moment }) => moment >= from && moment < to);
  return inside.filter((one) => one[person] === 'wrong').length / Math.max(1, inside.length);
}

/** The longest time in this span in which nothing right is seen or heard of the person, in ms. */
function longestGap(
  observed: readonly Observed[],
  person: 'visitor' | 'agent',
  [from, to]: Span,
): number {
  const moments = observed
    .filter((one) => one[person] === 'right' && one.moment >= from && one.moment < to)
    .map(({ moment }) => moment);
  const gaps = [...moments, to].map((moment, index) => moment - (moments[index - 1] ?? from));
  return Math.max(...gaps);
}

/**
 * Throws unless the person is seen and heard in this span from its beginning to its end, as at that time. A browser that
 * gets too little of the processor shows single frames late, and leaves out some sound.
 */
export function assertRecorded(
  { frames, sounds }: TimedRecording,
  person: 'visitor' | 'agent',
  span: Span,
): void {
  const found = {
    wrongFrames: wrongShare(frames, person, span),
    frameGap: longestGap(frames, person, span),
    wrongSounds: wrongShare(sounds, person, span),
    soundGap: longestGap(sounds, person, span),
  };
  const isRight =
    found.wrongFrames <= MAX_WRONG &&
    found.wrongSounds <= MAX_WRONG &&
    found.frameGap <= MAX_FRAME_GAP_MS &&
    found.soundGap <= STEP_MS;
  assert.ok(isRight, `${person}, ${span.join(' to ')}: ${JSON.stringify(found)}`);
}
