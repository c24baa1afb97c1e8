import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changeDrawing, NO_DRAWING } from '../../src/protocol/drawing-change.ts';
import { drawingLimits } from '../../src/protocol/drawing-limits.ts';
import {
  DrawingChange,
  type Drawing,
  type DrawnPicture,
  type Mark,
} from '../../src/protocol/drawing.ts';
import { fitting } from '../support/schema-arbitrary.ts';

const live: DrawnPicture = { participant: 'visitor', source: 'camera', still: null };
const still: DrawnPicture = { ...live, still: '00000000-0000-4000-8000-00000000000a' };
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const number = (n: number): Mark => ({ kind: 'number', id: id(n), at: [0.5, 0.5], number: 1 });
const drawn = (picture: DrawnPicture | null, ...marks: Mark[]): Drawing => ({ picture, marks });

test('without a picture no mark is added', () => {
  assert.equal(changeDrawing(NO_DRAWING, { kind: 'add', mark: number(1) }), null);
});

test('marks are added in their order, and one of the same id is replaced in its place', () => {
  const two = drawn(live, number(1), number(2));
  const moved: Mark = { ...number(1), at: [0.1, 0.2] } as Mark;
  assert.deepEqual(changeDrawing(drawn(live, number(1)), { kind: 'add', mark: number(2) }), two);
  const replaced = changeDrawing(two, { kind: 'add', mark: moved });
  assert.deepEqual(replaced, drawn(live, moved, number(2)));
});

test('a full drawing takes no further mark, and still changes those that it has', () => {
  const full = drawn(live, ...Array.from({ length: drawingLimits.marks }, (_, n) => number(n)));
  assert.equal(changeDrawing(full, { kind: 'add', mark: number(99) }), null);
  assert.deepEqual(changeDrawing(full, { kind: 'add', mark: number(3) }), full);
});

test('marks stay when a live video is frozen, and go with every other picture', () => {
  const shows = (before: DrawnPicture, picture: DrawnPicture | null) =>
    changeDrawing(drawn(before, number(1)), { kind: 'show', picture });
  assert.deepEqual(shows(live, still), drawn(still, number(1)));
  assert.deepEqual(shows(still, live), drawn(live));
  assert.deepEqual(shows(still, { ...still, still: id(7) }), drawn({ ...still, still: id(7) }));
  assert.deepEqual(
    shows(live, { ...live, source: 'screen' }),
    drawn({ ...live, source: 'screen' }),
  );
  assert.deepEqual(shows(live, null), NO_DRAWING);
});

test('points are rounded', () => {
  const mark: Mark = {
    kind: 'line',
    id: id(1),
    points: [
      [1 / 3, 2 / 3],
      [0, 1],
    ],
  };
  const after = changeDrawing(drawn(live), { kind: 'add', mark });
  assert.deepEqual(after?.marks[0], {
    ...mark,
    points: [
      [0.3333, 0.6667],
      [0, 1],
    ],
  });
});

test('a change that was applied changes nothing when it comes again, whatever it is', () => {
  const changes = fc.array(fitting(DrawingChange) as fc.Arbitrary<DrawingChange>, { maxLength: 8 });
  fc.assert(
    fc.property(changes, (list) => {
      let drawing: Drawing = NO_DRAWING;
      for (const change of list) {
        drawing = changeDrawing(drawing, change) ?? drawing;
        assert.deepEqual(changeDrawing(drawing, change) ?? drawing, drawing);
      }
      assert.ok(drawing.marks.length === 0 || drawing.picture !== null);
      assert.ok(JSON.stringify(drawing).length < 48 * 1024);
    }),
  );
});
