import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PeerNodes } from '../../../src/server/database/peer-nodes.ts';

describe('the nodes around', () => {
  it('are new when they are first heard, and again after they were silent for long', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const neighbours = new PeerNodes();
    assert.equal(neighbours.none, true);
    assert.equal(neighbours.hear('a'), true);
    now = 10_000;
    assert.equal(neighbours.hear('a'), false);
    assert.equal(neighbours.hear('b'), true);
    now = 24_999;
    assert.equal(neighbours.none, false);
    assert.equal(neighbours.hear('a'), false);
    now = 25_000;
    assert.equal(neighbours.hear('b'), true);
    now = 60_000;
    assert.equal(neighbours.none, true);
    assert.equal(neighbours.hear('a'), true);
  });
});
