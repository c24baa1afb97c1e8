import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { RoomLink } from '../../../src/call/room/link.ts';
import { PictureTools } from '../../../src/call/room/picture-tools.ts';
import { Cancellation } from '../../../src/platform/cancellation.ts';
import type { Platform } from '../../../src/platform/platform.ts';
import type { CommandBody, Notice } from '../../../src/protocol/client-messages.ts';
import type { DrawnPicture, Mark } from '../../../src/protocol/drawing.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { Signaling } from '../../../src/signaling/signaling.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';

const ROOM = 7;
const live: DrawnPicture = { participant: 'visitor', source: 'camera', still: null };
const mark = (n: number): Mark => ({
  ...{ kind: 'number', at: [0.5, 0.5], number: n },
  id: `00000000-0000-4000-8000-00000000000${n}`,
});

let clock: FakeClock;
let left: Cancellation;
let sent: CommandBody[];
let notices: Notice[];
/** Answers the oldest command that waits. */
let answers: { resolve: () => void; reject: (error: Error) => void }[];
let tools: PictureTools;

beforeEach(() => {
  clock = new FakeClock();
  left = new Cancellation();
  [sent, notices, answers] = [[], [], []];
  let made = 0;
  const link = {
    request: (body: CommandBody) => {
      sent.push(body);
      return new Promise<void>((resolve, reject) => answers.push({ resolve, reject }));
    },
  };
  tools = new PictureTools({
    ...{ room: ROOM, server: 'https://desk.example.com', left, token: () => 't' },
    platform: {
      clock,
      resolve: (path: string, base: string) => base + path,
      randomBytes: (count: number) => new Uint8Array(count).fill((made += 1)),
    } as unknown as Platform,
    signaling: { notify: (notice: Notice) => notices.push(notice) > 0 } as unknown as Signaling,
    link: link as unknown as RoomLink,
  });
});

const drawing = () => tools.getSnapshot().drawing;
const answer = async (error?: Error) => {
  const waiting = answers.shift()!;
  if (error) waiting.reject(error);
  else waiting.resolve();
  await settle();
};

test('a change is shown at once, and sent when the one before it was answered', async () => {
  assert.equal(tools.change({ kind: 'show', picture: live }), true);
  assert.equal(tools.change({ kind: 'add', mark: mark(1) }), true);
  assert.deepEqual(drawing(), { picture: live, marks: [mark(1)] });
  assert.equal(sent.length, 1);
  await answer();
  assert.equal(sent.length, 2);
  await answer();
  assert.deepEqual(drawing(), { picture: live, marks: [mark(1)] });
});

test('a change that the server refuses is taken back, and its error is shown', async () => {
  tools.change({ kind: 'show', picture: live });
  await answer();
  tools.change({ kind: 'add', mark: mark(1) });
  await answer(new RtcDeskError('conflict'));
  assert.deepEqual(drawing(), { picture: live, marks: [] });
  assert.equal(tools.getSnapshot().error, 'conflict');
});

test('what the server sends stands below what this page has not yet sent', async () => {
  tools.change({ kind: 'show', picture: live });
  await answer();
  tools.change({ kind: 'add', mark: mark(1) });
  const others = { picture: live, marks: [mark(2)] };
  tools.handleDelivery({ type: 'drawing', room: ROOM, drawing: others });
  assert.deepEqual(drawing().marks, [mark(2), mark(1)]);
});

test('a mark without a picture is not sent', () => {
  assert.equal(tools.change({ kind: 'add', mark: mark(1) }), false);
  assert.deepEqual(sent, []);
});

test('a pointer that moves is told ten times a second, and its last position always', async () => {
  for (let step = 0; step <= 10; step += 1) tools.point([step / 10, 0]);
  await clock.advance(100);
  assert.deepEqual(
    notices.map((notice) => notice.type === 'point' && notice.at),
    [
      [0, 0],
      [1, 0],
    ],
  );
  tools.point(null);
  await clock.advance(100);
  assert.deepEqual(notices.at(-1), { type: 'point', room: ROOM, at: null });
});

test('a pointer of an agent goes away when it is not moved', async () => {
  tools.handleDelivery({ type: 'pointer', room: ROOM, from: 'agent', at: [0.1, 0.2] });
  assert.deepEqual(tools.getSnapshot().pointers.get('agent'), [0.1, 0.2]);
  await clock.advance(4_000);
  assert.equal(tools.getSnapshot().pointers.size, 0);
  assert.equal(clock.pending, 0);
});

test('an answer counts only from the person who was asked, and only for the last question', () => {
  tools.ask('visitor', { kind: 'photo' });
  const id = tools.getSnapshot().asked!.id;
  const told = { type: 'device-answer', room: ROOM, requestId: id, answer: 'done' } as const;
  tools.handleDelivery({ ...told, from: 'somebody' });
  tools.handleDelivery({ ...told, from: 'visitor', requestId: 'another' });
  assert.equal(tools.getSnapshot().asked?.state, 'asked');
  tools.handleDelivery({ ...told, from: 'visitor' });
  assert.equal(tools.getSnapshot().asked?.state, 'done');
});

test('a question to somebody who is not there says so', async () => {
  tools.ask('visitor', { kind: 'flip' });
  await answer(new RtcDeskError('not-found'));
  assert.equal(tools.getSnapshot().asked?.state, 'gone');
});

test('requests wait for the person in their order, the same one once, and not more than four', () => {
  const request = (requestId: string) =>
    tools.handleDelivery({
      type: 'device-request',
      ...{ room: ROOM, from: 'agent', requestId, action: { kind: 'photo' } },
    });
  for (const id of ['1', '1', '2', '3', '4', '5']) request(id);
  const { requests } = tools.getSnapshot();
  assert.deepEqual(
    requests.map(({ id }) => id),
    ['1', '2', '3', '4'],
  );
  assert.deepEqual(sent, [
    {
      type: 'answer-device-request',
      ...{ room: ROOM, to: 'agent', requestId: '5', answer: 'refused' },
    },
  ]);
  tools.answer(requests[0]!, 'done');
  assert.equal(tools.getSnapshot().requests.length, 3);
});
