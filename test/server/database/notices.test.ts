import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Topic } from '../../../src/server/database/database.ts';
import {
  encodeMessage,
  encodeTopics,
  MESSAGE_BYTES,
  NoticeReader,
} from '../../../src/server/database/notices.ts';

describe('notices in NOTIFY payloads', () => {
  it('carry any text of any length within 8,000 bytes each, and put it together again', () => {
    const text = fc
      .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), { maxLength: 400 })
      .map((parts) => parts.join('').replaceAll('\0', ''));
    fc.assert(
      fc.property(text, (payload) => {
        const reader = new NoticeReader();
        const parts = encodeMessage('a', 'b', 'id', payload);
        for (const part of parts) assert.ok(Buffer.byteLength(part) < 8_000);
        const read = parts.map((part) => reader.read(part));
        assert.deepEqual(read.pop(), { kind: 'message', from: 'a', to: 'b', payload });
        assert.ok(read.every((before) => before === null));
      }),
      { numRuns: 200 },
    );
  });

  it('keep two messages apart whose parts come mixed', () => {
    const reader = new NoticeReader();
    const one = encodeMessage('a', 'b', '1', 'x'.repeat(10_000));
    const two = encodeMessage('c', 'b', '1', 'y'.repeat(10_000));
    const read = [one[0], two[0], one[1], two[1]].map((part) => reader.read(part ?? ''));
    assert.deepEqual(
      read.map((notice) => (notice?.kind === 'message' ? notice.payload[0] : null)),
      [null, null, 'x', 'y'],
    );
  });

  it('drop a message of which a part was lost', () => {
    const reader = new NoticeReader();
    const [first = '', second = ''] = encodeMessage('a', 'b', '1', 'x'.repeat(10_000));
    assert.equal(reader.read(second), null);
    assert.equal(reader.read(first), null);
    reader.reset();
    assert.equal(reader.read(second), null);
  });

  it('refuse a message over the limit, and a NUL', () => {
    assert.throws(() => encodeMessage('a', 'b', '1', 'x'.repeat(MESSAGE_BYTES + 1)), RangeError);
    assert.throws(() => encodeMessage('a', 'b', '1', 'x\0'), RangeError);
  });

  it('split many topics, and say everything instead of very many', () => {
    const topics = (count: number) =>
      new Set(
        Array.from({ length: count }, (_, i): Topic => `call:${String(i).padStart(36, '0')}`),
      );
    const reader = new NoticeReader();
    const payloads = encodeTopics('a', topics(500));
    assert.ok(payloads.length > 1);
    const read = new Set(
      payloads.flatMap((payload) => {
        assert.ok(Buffer.byteLength(payload) < 8_000);
        const notice = reader.read(payload);
        return notice?.kind === 'topics' ? [...notice.topics] : [];
      }),
    );
    assert.deepEqual(read, topics(500));
    assert.deepEqual(encodeTopics('a', topics(5_000)), encodeTopics('a', 'everything'));
    assert.deepEqual(encodeTopics('a', new Set()), []);
  });

  it('leave alone what they do not understand', () => {
    const reader = new NoticeReader();
    for (const payload of ['', 't', 'x y z', 'm a b']) assert.equal(reader.read(payload), null);
  });
});
