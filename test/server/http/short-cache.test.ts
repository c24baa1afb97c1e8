import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShortCache } from '../../../src/server/http/short-cache.ts';

describe('ShortCache', () => {
  it('shares one read among those who ask meanwhile, and reads again after its time', async () => {
    let now = 0;
    let reads = 0;
    const cache = new ShortCache<number>(5, () => now);
    const ask = (key = 'a') => cache.get(key, async () => ++reads);
    assert.deepEqual(await Promise.all([ask(), ask()]), [1, 1]);
    assert.equal(await ask('b'), 2);
    now = 4_999;
    assert.equal(await ask(), 1);
    now = 5_000;
    assert.equal(await ask(), 3);
  });

  it('does not keep a failure', async () => {
    const cache = new ShortCache<string>(5);
    await assert.rejects(
      cache.get('a', () => Promise.reject(new Error('down'))),
      /down/,
    );
    assert.equal(await cache.get('a', async () => 'up'), 'up');
  });
});
