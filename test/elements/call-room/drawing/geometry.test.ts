import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  toNearestPoint,
  toPixel,
  toPoint,
  UNCHANGED,
  type Placement,
} from '../../../../src/elements/call-room/drawing/geometry.ts';
import {
  moveBy,
  WHOLE_PICTURE,
  zoomAt,
} from '../../../../src/elements/call-room/tools/picture-view.ts';

const tile = { width: 800, height: 400 };
const frame = { width: 640, height: 480 };
const whole: Placement = { tile, frame, fit: 'contain', matrix: UNCHANGED };
const filling: Placement = { ...whole, fit: 'cover' };

test('a frame that is shown whole has bars beside it', () => {
  // 400 / 480 of 640 is 533.3 wide: 133.3 on each side.
  assert.deepEqual(roundedPixel(toPixel(whole, [0, 0])), [133.33, 0]);
  assert.deepEqual(roundedPixel(toPixel(whole, [1, 1])), [666.67, 400]);
  assert.equal(toPoint(whole, { x: 100, y: 200 }), null);
  assert.deepEqual(toNearestPoint(whole, { x: 100, y: 200 }), [0, 0.5]);
});

test('a frame that fills its tile is cut above and below', () => {
  assert.deepEqual(roundedPixel(toPixel(filling, [0, 0])), [0, -100]);
  assert.deepEqual(roundedPixel(toPixel(filling, [0.5, 0.5])), [400, 200]);
});

test('a mirrored frame has its left edge on the right', () => {
  const mirrored = { ...whole, matrix: { ...UNCHANGED, a: -1 } };
  assert.deepEqual(roundedPixel(toPixel(mirrored, [0, 0])), [666.67, 0]);
});

test('a frame turned by a quarter has its upper left corner at the upper right', () => {
  const square = { ...whole, tile: { width: 400, height: 400 }, frame: { width: 1, height: 1 } };
  const turned = { ...square, matrix: { a: 0, b: 1, c: -1, d: 0, e: 0, f: 0 } };
  assert.deepEqual(roundedPixel(toPixel(turned, [0, 0])), [400, 0]);
  assert.deepEqual(roundedPixel(toPixel(turned, [1, 0])), [400, 400]);
});

test('a frame that is enlarged and moved shows its point where the zoom shows it', () => {
  const view = moveBy(zoomAt(WHOLE_PICTURE, 2, { x: 100, y: 50 }, tile), 30, -20, tile);
  const matrix = { ...UNCHANGED, a: view.scale, d: view.scale, e: view.x, f: view.y };
  const before = toPixel(whole, [0.6, 0.6]);
  const after = toPixel({ ...whole, matrix }, [0.6, 0.6]);
  // From the tile's middle: scaled, then moved.
  assert.ok(Math.abs(after.x - (400 + (before.x - 400) * 2 + view.x)) < 1e-9);
  assert.ok(Math.abs(after.y - (200 + (before.y - 200) * 2 + view.y)) < 1e-9);
});

test('a point of the frame comes back from its pixel, however the tile shows the frame', () => {
  const length = fc.integer({ min: 40, max: 4000 });
  const size = fc.record({ width: length, height: length });
  const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const matrix = fc
    .record({
      turns: fc.integer({ min: 0, max: 3 }),
      mirrored: fc.boolean(),
      scale: fc.double({ min: 1, max: 8, noNaN: true }),
      e: fc.integer({ min: -2000, max: 2000 }),
      f: fc.integer({ min: -2000, max: 2000 }),
    })
    .map(({ turns, mirrored, scale, e, f }) => {
      const [cos, sin] = [Math.cos((turns * Math.PI) / 2), Math.sin((turns * Math.PI) / 2)];
      const flip = mirrored ? -1 : 1;
      return {
        a: cos * scale * flip,
        b: sin * scale * flip,
        c: -sin * scale,
        d: cos * scale,
        e,
        f,
      };
    });
  const placements = fc.record({
    ...{ tile: size, frame: size, matrix },
    fit: fc.constantFrom('contain' as const, 'cover' as const),
  });
  fc.assert(
    fc.property(placements, share, share, (placement, across, down) => {
      const back = toPoint(placement, toPixel(placement, [across, down]));
      assert.ok(back, 'inside');
      assert.ok(Math.abs(back[0]! - across) < 1e-6 && Math.abs(back[1]! - down) < 1e-6);
    }),
  );
});

const roundedPixel = ({ x, y }: { x: number; y: number }) =>
  [x, y].map((value) => Math.round(value * 100) / 100 || 0);
