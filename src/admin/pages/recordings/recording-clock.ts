/** Where a moment of the call is in the files of its recording, and the other way round. */
import type { RecordingManifest } from '../../../protocol/rest/recordings.ts';

type Segment = RecordingManifest['segments'][number];
export type Segments = readonly Segment[];
type Playable = Segment & { readonly part: number };

/** A place in a file. */
export interface FilePlace {
  readonly part: number;
  readonly seconds: number;
}

/** `recorded`: false for a moment in a pause, or just before or after the recording. Then the place is the next one. */
export interface FoundPlace extends FilePlace {
  readonly recorded: boolean;
}

/** A moment that is so near to the recording counts as its beginning or its end. */
const NEAR_MS = 10_000;

const endOf = ({ startedAt, durationMs }: Segment): number => startedAt + durationMs;

/** The segments that can be played, in the order of time. */
const playable = (segments: Segments): Playable[] =>
  segments
    .filter((segment): segment is Playable => segment.part !== null && segment.durationMs > 0)
    .sort((a, b) => a.startedAt - b.startedAt || a.ordinal - b.ordinal);

/**
 * The place of a moment (ms since 1970); in this part, if one is given. Null for a moment that is not near the
 * recording. Where two segments cover the moment, the earlier one counts.
 */
export function placeOf(segments: Segments, at: number, part?: number): FoundPlace | null {
  const all = playable(segments).filter((segment) => part === undefined || segment.part === part);
  const next = all.find((segment) => at < endOf(segment));
  const place = (segment: Playable, ms: number, recorded: boolean): FoundPlace => ({
    part: segment.part,
    seconds: (segment.startMs + ms) / 1000,
    recorded,
  });
  if (next && at >= next.startedAt) return place(next, at - next.startedAt, true);
  const [first] = all;
  const last = all.reduce<Playable | undefined>(
    (found, one) => (found && endOf(found) >= endOf(one) ? found : one),
    undefined,
  );
  if (!first || !last) return null;
  if (next) return next !== first || at >= first.startedAt - NEAR_MS ? place(next, 0, false) : null;
  return at <= endOf(last) + NEAR_MS ? place(last, last.durationMs, false) : null;
}

/** When that which is at a place was recorded, in ms since 1970. Null: nothing of the recording is in that part. */
export function momentOf(segments: Segments, { part, seconds }: FilePlace): number | null {
  const ms = seconds * 1000;
  const inPart = playable(segments)
    .filter((segment) => segment.part === part)
    .sort((a, b) => a.startMs - b.startMs);
  const found = inPart.findLast((segment) => segment.startMs <= ms) ?? inPart[0];
  if (!found) return null;
  return found.startedAt + Math.min(Math.max(ms - found.startMs, 0), found.durationMs);
}

/**
 * The parts as they are played, one group after another. Parts of one group were recorded at the same time, as the
 * streams of several people are: they are played side by side. A group begins with the part that began first.
 */
export function groupParts(segments: Segments): readonly (readonly number[])[] {
  const groups: { parts: number[]; start: number; end: number }[] = [];
  const spans = new Map<number, { start: number; end: number }>();
  for (const segment of playable(segments)) {
    const span = spans.get(segment.part);
    spans.set(segment.part, {
      start: Math.min(span?.start ?? Infinity, segment.startedAt),
      end: Math.max(span?.end ?? -Infinity, endOf(segment)),
    });
  }
  for (const [part, { start, end }] of spans) {
    // Two clocks are never quite the same: parts that follow each other may overlap a little.
    const group = groups.find((one) => {
      const shared = Math.min(one.end, end) - Math.max(one.start, start);
      return shared > Math.min(one.end - one.start, end - start) / 2;
    });
    if (!group) groups.push({ parts: [part], start, end });
    else Object.assign(group, { parts: [...group.parts, part], end: Math.max(group.end, end) });
  }
  return groups.map(({ parts }) => parts);
}
