import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moveWithin } from '../../../../src/elements/call-room/small/move-within.ts';
import {
  nearestOwnPlace,
  nextOwnPlace,
} from '../../../../src/elements/call-room/small/own-picture.ts';

const area = { width: 400, height: 800 };
const box = (left: number, top: number) => ({ left, top, right: left + 200, bottom: top + 100 });

describe('a small window', () => {
  it('moves as far as it is asked inside the page', () => {
    assert.deepEqual(moveWithin(box(100, 100), { x: -20, y: 30 }, area), { x: -20, y: 30 });
  });

  it('stops at each edge', () => {
    assert.deepEqual(moveWithin(box(100, 100), { x: 999, y: 999 }, area), { x: 92, y: 592 });
    assert.deepEqual(moveWithin(box(100, 100), { x: -999, y: -999 }, area), { x: -92, y: -92 });
  });

  it('comes back into a page that has become smaller', () => {
    const small = { width: 300, height: 300 };
    assert.deepEqual(moveWithin(box(180, 600), { x: 0, y: 0 }, small), { x: -88, y: -408 });
  });

  it('keeps its upper left corner in view on a page that is smaller than it', () => {
    const tiny = { width: 100, height: 50 };
    assert.deepEqual(moveWithin(box(40, 40), { x: 0, y: 0 }, tiny), { x: -32, y: -32 });
  });
});

describe('the own picture', () => {
  it('goes to the nearest corner', () => {
    assert.equal(nearestOwnPlace(0.1, 0.1), 'top-start');
    assert.equal(nearestOwnPlace(0.9, 0.1), 'top-end');
    assert.equal(nearestOwnPlace(0.1, 0.9), 'bottom-start');
    assert.equal(nearestOwnPlace(0.5, 0.5), 'bottom-end');
  });

  it('goes round through all corners', () => {
    let place = nextOwnPlace('bottom-end');
    const seen = [place];
    for (let step = 0; step < 3; step++) seen.push((place = nextOwnPlace(place)));
    assert.deepEqual(seen, ['bottom-start', 'top-start', 'top-end', 'bottom-end']);
  });
});
