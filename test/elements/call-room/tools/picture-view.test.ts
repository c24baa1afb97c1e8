import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  moveBy,
  WHOLE_PICTURE,
  zoomAt,
} from '../../../../src/elements/call-room/tools/picture-view.ts';

const frame = { width: 400, height: 300 };

describe('the view of a picture', () => {
  it('enlarges so that the point under the pointer stays where it is', () => {
    const point = { x: 100, y: -50 };
    const first = zoomAt(WHOLE_PICTURE, 2, point, frame);
    assert.deepEqual(first, { scale: 2, x: -100, y: 50 });
    const second = zoomAt(first, 2, point, frame);
    // The picture's point there: (point - offset) / scale.
    assert.equal((point.x - second.x) / second.scale, (point.x - first.x) / first.scale);
    assert.equal((point.y - second.y) / second.scale, (point.y - first.y) / first.scale);
  });

  it('is never smaller than its frame, nor larger than eight times', () => {
    assert.deepEqual(zoomAt(WHOLE_PICTURE, 0.5, { x: 10, y: 10 }, frame), WHOLE_PICTURE);
    assert.equal(zoomAt(WHOLE_PICTURE, 100, { x: 0, y: 0 }, frame).scale, 8);
  });

  it('moves no farther than to the edge of the picture', () => {
    assert.deepEqual(moveBy(WHOLE_PICTURE, 50, 50, frame), WHOLE_PICTURE);
    const enlarged = zoomAt(WHOLE_PICTURE, 2, { x: 0, y: 0 }, frame);
    assert.deepEqual(moveBy(enlarged, 1_000, -1_000, frame), { scale: 2, x: 200, y: -150 });
    assert.deepEqual(moveBy(enlarged, 30, 20, frame), { scale: 2, x: 30, y: 20 });
  });
});
