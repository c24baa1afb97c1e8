import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Topic } from '../../../src/server/database/database.ts';
import { encodeTopics, readNotice } from '../../../src/server/database/notices.ts';

describe('notices', () => {
  it('are split when there are many topics, and say everything when there are very many', () => {
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
        return notice?.type === 'topics' && notice.topics !== 'everything'
          ? [...notice.topics]
          : [];
      }),
    );
    assert.deepEqual(read, topics(500));
    assert.deepEqual(encodeTopics('a', topics(5_000)), encodeTopics('a', 'everything'));
    assert.deepEqual(encodeTopics('a', new Set()), []);
  });

  it('of another version are ignored', () => {
    for (const payload of ['', 't', 't a', 'h a b', 'm a', 'm a b c', 'x y z'])
      assert.equal(readNotice(payload), null);
  });
});
