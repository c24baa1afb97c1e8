import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  groupParts,
  momentOf,
  placeOf,
  type Segments,
} from '../../../src/admin/pages/recordings/recording-clock.ts';

const START = Date.UTC(2026, 10, 30, 9);

/** `[begin in s after START, length in s, part, where it begins in the file in s]`. */
const segments = (...rows: [number, number, number | null, number][]): Segments =>
  rows.map(([begin, length, part, start], index) => ({
    id: `00000000-0000-4000-9000-00000000000${index}`,
    ordinal: index + 1,
    startedAt: START + begin * 1000,
    part,
    startMs: start * 1000,
    durationMs: length * 1000,
    bytes: 1,
    slices: 1,
    chain: null,
    complete: true,
  }));
const at = (seconds: number) => START + seconds * 1000;

// 60 s, a pause of 30 s, 30 s in the same file; then another browser, whose codec makes a part of its own.
const PAUSED = segments([0, 60, 1, 0], [90, 30, 1, 60], [130, 20, 2, 0]);

describe('the clock of a recording', () => {
  it('finds a moment in the file, after pauses and in further parts, too', () => {
    assert.deepEqual(placeOf(PAUSED, at(10)), { part: 1, seconds: 10, recorded: true });
    assert.deepEqual(placeOf(PAUSED, at(100)), { part: 1, seconds: 70, recorded: true });
    assert.deepEqual(placeOf(PAUSED, at(135)), { part: 2, seconds: 5, recorded: true });
  });

  it('goes on from a moment in a pause with what was recorded next', () => {
    assert.deepEqual(placeOf(PAUSED, at(75)), { part: 1, seconds: 60, recorded: false });
    assert.deepEqual(placeOf(PAUSED, at(125)), { part: 2, seconds: 0, recorded: false });
  });

  it('counts what is just before and just after, and nothing that is far', () => {
    assert.deepEqual(placeOf(PAUSED, at(-10)), { part: 1, seconds: 0, recorded: false });
    assert.equal(placeOf(PAUSED, at(-10.001)), null);
    assert.deepEqual(placeOf(PAUSED, at(160)), { part: 2, seconds: 20, recorded: false });
    assert.equal(placeOf(PAUSED, at(160.001)), null);
    assert.equal(placeOf(segments(), at(0)), null);
  });

  it('passes over what cannot be played', () => {
    const lost = segments([0, 10, 1, 0], [10, 10, null, 0], [20, 0, 1, 10], [30, 10, 1, 10]);
    assert.deepEqual(placeOf(lost, at(15)), { part: 1, seconds: 10, recorded: false });
    assert.deepEqual(placeOf(lost, at(31)), { part: 1, seconds: 11, recorded: true });
  });

  it('finds a place again by its moment', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 0, max: 300 })), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (lengths, fraction) => {
          let [clock, offset] = [0, 0];
          const made = lengths.map(([length, pause]): [number, number, number, number] => {
            const row: [number, number, number, number] = [clock, length, 1, offset];
            clock += length + pause;
            offset += length;
            return row;
          });
          const place = { part: 1, seconds: Math.floor(offset * fraction * 1000) / 1000 };
          const moment = momentOf(segments(...made), place);
          assert.ok(moment !== null);
          const found = placeOf(segments(...made), moment);
          assert.ok(found?.recorded && Math.abs(found.seconds - place.seconds) < 0.002);
        },
      ),
    );
  });

  it('plays parts side by side if they were recorded at the same time, and else one after another', () => {
    assert.deepEqual(groupParts(PAUSED), [[1], [2]]);
    // Two people, each with a stream; the second one came 20 s later.
    const streams = segments([0, 300, 1, 0], [20, 270, 2, 0]);
    assert.deepEqual(groupParts(streams), [[1, 2]]);
    assert.deepEqual(placeOf(streams, at(25), 2), { part: 2, seconds: 5, recorded: true });
    assert.deepEqual(placeOf(streams, at(25)), { part: 1, seconds: 25, recorded: true });
    // A second of overlap comes from two clocks.
    assert.deepEqual(groupParts(segments([0, 60, 1, 0], [59, 60, 2, 0])), [[1], [2]]);
  });
});
