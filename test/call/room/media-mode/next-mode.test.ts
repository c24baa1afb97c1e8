import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FIRST_STATE,
  nextMode,
  worstMode,
  type MediaMode,
  type ModeState,
} from '../../../../src/call/room/media-mode/next-mode.ts';
import type { Quality } from '../../../../src/media/media.ts';

const TICK = 2_000;

/** Qualities with the seconds for which each one lasts, and the mode after each. */
type Course = readonly (readonly [quality: Quality, seconds: number, mode: MediaMode])[];

const COURSES: Readonly<Record<string, Course>> = {
  'a good network keeps the video': [[5, 600, 'video']],
  'a fair one, too': [[3, 600, 'video']],
  'a short disturbance passes': [
    [5, 20, 'video'],
    [1, 8, 'video'],
    [5, 2, 'video'],
    [1, 8, 'video'],
  ],
  'a poor network loses the video after 10 s': [
    [2, 8, 'video'],
    [2, 2, 'audio'],
  ],
  'and keeps the sound': [[2, 600, 'audio']],
  'a very poor one loses the sound after 20 s more': [
    [1, 10, 'audio'],
    [1, 18, 'audio'],
    [1, 2, 'chat'],
    [1, 600, 'chat'],
  ],
  'what is between the thresholds changes nothing': [
    [2, 10, 'audio'],
    [2, 24, 'audio'],
    [2, 300, 'audio'],
  ],
  'the video comes back after 20 s of a fair network': [
    [2, 10, 'audio'],
    [3, 18, 'audio'],
    [3, 2, 'video'],
  ],
  'one bad moment begins the 20 s anew': [
    [2, 10, 'audio'],
    [4, 18, 'audio'],
    [2, 2, 'audio'],
    [4, 18, 'audio'],
    [4, 2, 'video'],
  ],
  'from the chat it goes up one step at a time': [
    [1, 30, 'chat'],
    [5, 20, 'audio'],
    [5, 18, 'audio'],
    [5, 2, 'video'],
  ],
  'from the chat a poor network brings the sound, and no video': [
    [1, 30, 'chat'],
    [2, 20, 'audio'],
    [2, 300, 'audio'],
  ],
  'a rise that fails doubles the wait': [
    [2, 10, 'audio'],
    [5, 20, 'video'],
    [2, 10, 'audio'],
    [5, 38, 'audio'],
    [5, 2, 'video'],
    [2, 10, 'audio'],
    [5, 78, 'audio'],
    [5, 2, 'video'],
  ],
  'a rise that lasts a minute makes the wait short again': [
    [2, 10, 'audio'],
    [5, 20, 'video'],
    [2, 10, 'audio'],
    [5, 40, 'video'],
    [5, 60, 'video'],
    [2, 10, 'audio'],
    [5, 20, 'video'],
  ],
  'an unknown quality changes nothing': [
    [2, 8, 'video'],
    [0, 600, 'video'],
    [2, 2, 'audio'],
    [0, 600, 'audio'],
  ],
};

for (const [name, course] of Object.entries(COURSES)) {
  test(`the mode of a call: ${name}`, () => {
    let state: ModeState = FIRST_STATE;
    for (const [index, [quality, seconds, mode]] of course.entries()) {
      for (let ms = 0; ms < seconds * 1000; ms += TICK) state = nextMode(state, quality, TICK);
      assert.equal(state.mode, mode, `step ${index}: ${seconds} s of ${quality}`);
    }
  });
}

test('the wait before a rise grows to at most 160 s', () => {
  let state: ModeState = FIRST_STATE;
  for (let n = 0; n < 10; n += 1) {
    while (state.mode === 'video') state = nextMode(state, 1, TICK);
    while (state.mode === 'audio') state = nextMode(state, 5, TICK);
  }
  assert.equal(state.riseAfter, 160_000);
});

test('the worst of several modes counts', () => {
  assert.equal(worstMode([]), 'video');
  assert.equal(worstMode(['video', 'audio']), 'audio');
  assert.equal(worstMode(['chat', 'audio', 'video']), 'chat');
});
