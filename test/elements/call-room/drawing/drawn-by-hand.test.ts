import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Point } from '../../../../src/call/picture-tools-control.ts';
import {
  cellOf,
  CURSOR_START,
  GRID_COLUMNS,
  GRID_ROWS,
  moveCursor,
} from '../../../../src/elements/call-room/drawing/grid-cursor.ts';
import { thinLine } from '../../../../src/elements/call-room/drawing/thin-line.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const lines = fc.array(fc.tuple(share, share), { minLength: 2, maxLength: 400 });

test('a line of many points keeps its ends, and few of the points between them', () => {
  fc.assert(
    fc.property(lines, (points) => {
      const thin = thinLine(points, 64);
      assert.ok(thin.length <= 64);
      assert.deepEqual([thin[0], thin.at(-1)], [points[0], points.at(-1)]);
      for (const point of thin) assert.ok(points.includes(point as [number, number]));
    }),
    { numRuns: 50 },
  );
});

test('a straight line becomes two points, and a corner stays', () => {
  const straight: Point[] = Array.from({ length: 100 }, (_, n) => [n / 100, 0.5]);
  assert.deepEqual(thinLine(straight, 64), [straight[0], straight.at(-1)]);
  const corner: Point[] = [...straight, ...straight.map(([x = 0]): Point => [0.99, 0.5 + x / 2])];
  assert.deepEqual(thinLine(corner, 64), [
    [0, 0.5],
    [0.99, 0.5],
    [0.99, 0.995],
  ]);
});

test('a line that is as it should be stays as it is', () => {
  const points: Point[] = [
    [0, 0],
    [0.5, 1],
    [1, 0],
  ];
  assert.deepEqual(thinLine(points, 64), points);
});

test('an arrow key moves by a cell, with Shift by an eighth of one', () => {
  const right = moveCursor(CURSOR_START, 'ArrowRight', false)!;
  assert.deepEqual(right, [0.5 + 1 / GRID_COLUMNS, 0.5]);
  const fine = moveCursor(CURSOR_START, 'ArrowUp', true)!;
  assert.deepEqual(fine, [0.5, 0.5 - 1 / GRID_ROWS / 8]);
  for (const key of ['Enter', 'a', 'toString'])
    assert.equal(moveCursor(CURSOR_START, key, false), null);
});

test('the cursor reaches every edge, stays inside, and comes back to where it was', () => {
  let at = CURSOR_START;
  for (let step = 0; step < 30; step += 1) at = moveCursor(at, 'ArrowLeft', false)!;
  assert.deepEqual(at, [0, 0.5]);
  for (let step = 0; step < GRID_COLUMNS / 2; step += 1) at = moveCursor(at, 'ArrowRight', false)!;
  assert.deepEqual(at, CURSOR_START);
});

test('cells are counted from 1, and the last edge belongs to the last cell', () => {
  assert.deepEqual(cellOf([0, 0]), { column: 1, row: 1 });
  assert.deepEqual(cellOf([1, 1]), { column: GRID_COLUMNS, row: GRID_ROWS });
});
