import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VisitorView } from '../../../src/protocol/views.ts';
import { SnapshotSender } from '../../../src/server/sockets/snapshot-sender.ts';

const view = (name: string): VisitorView => ({
  role: 'visitor',
  site: { id: 'demo', name, media: 'mesh' },
  call: null,
});

test('a view is sent once, and again only after it changed', () => {
  const frames: string[] = [];
  const outbox = new SnapshotSender((frame, flushed) => {
    frames.push(frame);
    flushed();
  });
  outbox.offer({ rev: 1, now: 10, view: view('a') });
  outbox.offer({ rev: 2, now: 20, view: view('a') });
  outbox.offer({ rev: 3, now: 30, view: view('b') });
  assert.deepEqual(
    frames.map((frame) => JSON.parse(frame) as unknown),
    [
      { type: 'snapshot', rev: 1, now: 10, view: view('a') },
      { type: 'snapshot', rev: 3, now: 30, view: view('b') },
    ],
  );
});

test('while a snapshot is being sent no other is read, and then one more, not two', () => {
  let flush = (): void => {};
  let sent = 0;
  const outbox = new SnapshotSender((_, flushed) => (flush = flushed));
  outbox.offer({ rev: 1, now: 1, view: view('a') });
  assert.equal(
    outbox.isReady(() => (sent += 1)),
    false,
  );
  assert.equal(
    outbox.isReady(() => (sent += 1)),
    false,
  );
  flush();
  assert.equal(sent, 1);
  assert.equal(
    outbox.isReady(() => {}),
    true,
  );
});
