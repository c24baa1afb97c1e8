import type { Frame } from 'puppeteer-core';
import { momentOf, type Segments } from '../../src/admin/pages/recordings/recording-clock.ts';
import type { Recording, RecordingPage } from '../../src/protocol/rest/recordings.ts';
import { decodeRecording } from './decode-recording.ts';
import type { RestSession } from './rest-session.ts';
import {
  AGENT_MEDIA,
  SECRET_COLOUR,
  stepAt,
  VISITOR_MEDIA,
  type TimedMedia,
} from './timed-media.ts';
import { waitUntil } from './wait-until.ts';

/** By how much what is shown may differ from what belongs to its moment, in ms. */
const TOLERANCE_MS = 700;
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

/** One frame, or a tenth of a second of sound. */
export interface Observed {
  /** When it was recorded, in ms since 1970, as the player says. */
  readonly moment: number;
  /** Whether it shows or sounds what the person did at that moment. */
  readonly visitor: boolean;
  readonly agent: boolean;
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

/** Waits until the newest recording is ready. */
export async function readyRecording(owner: RestSession): Promise<Recording> {
  const ready = await waitUntil(
    'the recording is ready',
    async () => {
      const { items } = await owner.send<RecordingPage>('GET', '/recordings');
      if (items[0]?.state === 'failed') throw new Error(JSON.stringify(items[0]));
      return items[0]?.state === 'ready' && items[0];
    },
    30_000,
  );
  return owner.send<Recording>('GET', `/recordings/${ready.id}`);
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
  if (process.env.PD)
    ((await import('node:fs')).writeFileSync(
      process.env.PD,
      JSON.stringify({ segments, seconds, frames, sound, FREQUENCIES }),
    ),
      (await import('node:fs')).writeFileSync(process.env.PD + '.mp4', file));
  const momentAt = (at: number) => momentOf(segments, { part: 1, seconds: at })!;
  const strengthOf = (strengths: readonly number[], tone: number) =>
    strengths[FREQUENCIES.indexOf(tone)]!;
  return {
    recording,
    segments,
    seconds,
    frames: frames.map(({ at, left, right }) => {
      const moment = momentAt(at);
      const shown = { left: nameOf(left), right: nameOf(right) };
      return {
        moment,
        visitor: belongsTo(moment, (step) => shown.left === VISITOR_MEDIA.colours[step]),
        agent: belongsTo(moment, (step) => shown.right === AGENT_MEDIA.colours[step]),
        secret: [shown.left, shown.right].includes(SECRET_COLOUR),
      };
    }),
    sounds: sound.map(({ at, strengths }) => {
      const moment = momentAt(at);
      const sounds = ({ tones }: TimedMedia) =>
        belongsTo(moment, (step) => strengthOf(strengths, tones[step]!) > HEARD);
      return {
        moment,
        visitor: sounds(VISITOR_MEDIA),
        agent: sounds(AGENT_MEDIA),
        secret: [VISITOR_MEDIA, AGENT_MEDIA].some(
          ({ secretTone }) => strengthOf(strengths, secretTone) > UNHEARD,
        ),
      };
    }),
  };
}

/** Whether one of the steps around the moment is it. */
function belongsTo(moment: number, isShown: (step: number) => boolean): boolean {
  return [moment, moment - TOLERANCE_MS, moment + TOLERANCE_MS].map(stepAt).some(isShown);
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

/** The share of what lies between two moments that is right, 0 to 1; 0 if nothing is there. */
export function shareOf(
  observed: readonly Observed[],
  person: 'visitor' | 'agent',
  [from, to]: readonly [number, number],
): number {
  const inside = observed.filter(({ moment }) => moment >= from && moment < to);
  return inside.filter((one) => one[person]).length / Math.max(1, inside.length);
}

/** The longest time between two moments without anything, in ms. */
export function longestGap(
  observed: readonly Observed[],
  [from, to]: readonly [number, number],
): number {
  const moments = observed.map(({ moment }) => moment).filter((one) => one >= from && one < to);
  return Math.max(
    ...[...moments, to].map((moment, index) => moment - (moments[index - 1] ?? from)),
  );
}
