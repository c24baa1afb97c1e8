import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Topic } from '../../../src/server/database/database.ts';
import { encodeTopics, readNotice } from '../../../src/server/database/notices.ts';

describe('notices in NOTIFY payloads', () => {
  it('split many topics, and say everything instead of very many', () => {
    const topics = (count: number) =>
      new Set(
        Array.from({ length: count }, (_, i): Topic => `call:${String(i).padStart(36, '0')}`),
      );
    const payloads = encodeTopics('a', topics(500));
    assert.ok(payloads.length > 1);
    const read = new Set(
      payloads.flatMap((payload) => {
        assert.ok(Buffer.byteLength(payload) < 8_000);
        const notice = readNotice(payload);
        return notice && notice.topics !== 'everything' ? [...notice.topics] : [];
      }),
    );
    assert.deepEqual(read, topics(500));
    assert.deepEqual(encodeTopics('a', topics(5_000)), encodeTopics('a', 'everything'));
    assert.deepEqual(encodeTopics('a', new Set()), []);
  });

  it('leave alone what they do not understand', () => {
    for (const payload of ['', 't', 'x y z', 'm a b']) assert.equal(readNotice(payload), null);
  });
});
