import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { checkMayUpload, storeImage } from '../../../src/server/chat/image-store.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { leaveRoom } from '../../../src/server/rooms/leave-room.ts';
import { markRead } from '../../../src/server/chat/mark-read.ts';
import {
  readChatProgress,
  readMarks,
  type ChatProgress,
} from '../../../src/server/chat/read-chat-progress.ts';
import { readMessages } from '../../../src/server/chat/read-messages.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('a room and its conversation', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let room: number;
    let mei: string;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      room = await createRoom(test.db, { siteId: 'shop', name: 'Hearing' });
      mei = await guest('mei');
    });

    async function issue(subject: string): Promise<string> {
      const holder = { role: 'guest', name: subject, verified: true, subject } as const;
      return issueParticipant(test.db, { room, holder });
    }
    async function guest(subject: string): Promise<string> {
      const participant = await issue(subject);
      const connectionId = await world.visitorSocket();
      await enterRoom(test.db, { room, participant, connectionId });
      return participant;
    }
    /** With the marks in the order of JavaScript, whatever the database's collation. */
    const sorted = ({ lastSequence, readMarks }: Omit<ChatProgress, 'room'>) => ({
      lastSequence,
      readMarks: readMarks.toSorted((a, b) => (a.participant < b.participant ? -1 : 1)),
    });
    const say = (text: string, id = randomUUID(), participant = mei) =>
      appendMessage(test.db, { room, participant, id, text });

    it('has a number that TRTC takes too', () => {
      assert.ok(Number.isInteger(room) && room >= 1 && room <= 2_147_483_647);
    });

    it('counts messages up by one, also those that come in one moment', async () => {
      const bob = await guest('bob');
      const sent = await Promise.all(
        Array.from({ length: 30 }, (_, i) => say(`text ${i}`, randomUUID(), i % 2 ? mei : bob)),
      );
      const kept = await readMessages(test.db, { room, after: 0 });
      assert.deepEqual(
        kept.map(({ sequence }) => sequence),
        Array.from({ length: 30 }, (_, i) => i + 1),
      );
      assert.deepEqual(new Set(kept.map(({ id }) => id)), new Set(sent.map(({ id }) => id)));
      assert.deepEqual(await readMessages(test.db, { room, after: 29 }), kept.slice(29));
    });

    it('stores a message once, however often it is sent, also at the same time', async () => {
      const id = randomUUID();
      const all = await Promise.all([say('hello', id), say('hello', id), say('hello', id)]);
      all.push(await say('hello', id));
      for (const message of all) assert.deepEqual(message, all[0]);
      assert.equal((await readMessages(test.db, { room, after: 0 })).length, 1);
      assert.equal((await say('next')).sequence, 2);
    });

    it('stores a text as it was sent, at most 4,000 characters', async () => {
      const text = '👩‍👩‍👧 <script>alert(1)</script> \u202e $1 ; drop table';
      assert.equal((await say(text)).text, text);
      assert.equal((await say('x'.repeat(4_000))).text?.length, 4_000);
      await assert.rejects(say('x'.repeat(4_001)), { code: 'message-too-long' });
      await assert.rejects(say(' \n '), { code: 'message-empty' });
    });

    it('refuses control characters, except newline and tab', async () => {
      for (let code = 0; code < 0x20; code += 1) {
        const text = `a${String.fromCharCode(code)}b`;
        if (text === 'a\tb' || text === 'a\nb') assert.equal((await say(text)).text, text);
        else await assert.rejects(say(text), { code: 'bad-message' }, `U+00${code.toString(16)}`);
      }
      await assert.rejects(say('half \ud83d'), { code: 'bad-message' });
    });

    it('gives a page of at most 100 messages and 256 KiB, and the next page goes on behind it', async () => {
      // 12,000 bytes each, and more in JSON.
      const long = '"'.repeat(10) + '汉'.repeat(3_990);
      for (let i = 0; i < 30; i += 1) await say(long);
      for (let i = 0; i < 120; i += 1) await say(`text ${i}`);
      const pages: number[] = [];
      let last = 0;
      for (;;) {
        const page = await readMessages(test.db, { room, after: last });
        if (page.length === 0) break;
        assert.ok(Buffer.byteLength(JSON.stringify(page)) <= 256 * 1024);
        assert.equal(page[0]?.sequence, last + 1);
        pages.push(page.length);
        last = page.at(-1)?.sequence ?? 0;
      }
      assert.equal(last, 150);
      assert.deepEqual(pages, [21, 100, 29]);
    });

    it('takes pictures of this room only', async () => {
      const picture = async (of: number) => {
        const { rows } = await test.db.query<{ id: string }>(
          `insert into images (room, site_id, type, width, height, bytes) values ($1, 'shop', 'image/webp', 2, 3, '') returning id`,
          [of],
        );
        return rows[0]?.id ?? '';
      };
      const send = (imageId: string) =>
        appendMessage(test.db, { room, participant: mei, id: randomUUID(), imageId });
      const own = await picture(room);
      assert.deepEqual((await send(own)).image, { id: own, width: 2, height: 3 });
      const other = await createRoom(test.db, { siteId: 'shop' });
      await assert.rejects(send(await picture(other)), { code: 'not-found' });
      await assert.rejects(send(randomUUID()), { code: 'not-found' });
    });

    it('takes as many pictures as the room and the site may have, also when many come at once', async () => {
      const store = (bytes: number, bearer = { room, participant: mei }) =>
        storeImage(test.db, bearer, {
          type: 'image/webp',
          width: 1,
          height: 1,
          bytes: Buffer.alloc(bytes),
        });
      const stored = async (pictures: Promise<unknown>[]) =>
        (await Promise.allSettled(pictures)).filter(({ status }) => status === 'fulfilled').length;
      await test.db.query('update sites set pictures_per_room = 3');
      assert.equal(await stored(Array.from({ length: 6 }, () => store(100))), 3);
      await assert.rejects(store(1), { code: 'too-many-images' });
      await assert.rejects(checkMayUpload(test.db, { room, participant: mei }), {
        code: 'too-many-images',
      });

      await test.db.query('update sites set pictures_per_room = 300, picture_bytes = 1000');
      assert.equal(await stored(Array.from({ length: 12 }, () => store(100))), 7);
      await assert.rejects(store(1), { code: 'too-many-images' });
      // A deleted picture makes room again.
      await test.db.query('delete from images where id in (select id from images limit 1)');
      await assert.rejects(store(101), { code: 'too-many-images' });
      await store(100);
    });

    it('takes messages only from people who are inside', async () => {
      const outside = await issue('bob');
      await assert.rejects(say('hi', randomUUID(), outside), { code: 'conflict' });
      await leaveRoom(test.db, { room, participant: mei });
      await assert.rejects(say('hi'), { code: 'conflict' });
      assert.equal((await readMessages(test.db, { room, after: 0 })).length, 0);
    });

    it('answers with a message that is stored also when its sender has left since', async () => {
      const id = randomUUID();
      const kept = await say('hello', id);
      await leaveRoom(test.db, { room, participant: mei });
      assert.deepEqual(await say('hello', id), kept);
    });

    it('moves a read mark forward only, and not past the last message', async () => {
      await say('one');
      await say('two');
      const marks: number[] = [];
      for (const sequence of [1, 99, 0]) {
        await markRead(test.db, { room, participant: mei, sequence });
        const { rows } = await test.db.query<{ read_sequence: number }>(
          'select read_sequence from participants where id = $1',
          [mei],
        );
        marks.push(rows[0]?.read_sequence ?? -1);
      }
      assert.deepEqual(marks, [1, 2, 2]);
    });

    it('tells of a message and of a read mark by topics of their own, so that no view is read again', async () => {
      const topics = new Set<string>();
      const stop = test.db.wake.listen((told) => {
        for (const topic of told === 'everything' ? [] : told) topics.add(topic);
      });
      await waitUntil('what was told before is out', async () => {
        topics.clear();
        await new Promise((resolve) => setImmediate(resolve));
        return topics.size === 0;
      });
      const { sequence } = await say('one');
      await markRead(test.db, { room, participant: mei, sequence });
      await waitUntil('both are told', () => topics.size >= 2);
      stop();
      assert.deepEqual([...topics].sort(), [`chat:${room}`, `read:${room}`]);
    });

    it('says how far each room is, and how far the people inside have read', async () => {
      const bob = await guest('bob');
      const spy = await guest('spy');
      await test.db.query('update participants set hidden = true where id = $1', [spy]);
      const silent = await createRoom(test.db, { siteId: 'shop' });
      await say('one');
      await say('two');
      for (const [participant, sequence] of [
        [mei, 2],
        [bob, 1],
        [spy, 2],
      ] as const) {
        await markRead(test.db, { room, participant, sequence });
      }
      const marks = [
        { participant: bob, sequence: 1 },
        { participant: mei, sequence: 2 },
      ].sort((a, b) => (a.participant < b.participant ? -1 : 1));
      const progress = await readChatProgress(test.db, [room, silent]);
      assert.deepEqual(
        new Map(progress.map(({ room: number, ...rest }) => [number, sorted(rest)])),
        new Map([
          [room, { lastSequence: 2, readMarks: marks }],
          [silent, { lastSequence: 0, readMarks: [] }],
        ]),
      );
      await leaveRoom(test.db, { room, participant: bob });
      assert.deepEqual(await readMarks(test.db, room), [{ participant: mei, sequence: 2 }]);
    });

    it('is full with six people in it', async () => {
      for (const name of ['b', 'c', 'd', 'e', 'f']) await guest(name);
      await assert.rejects(guest('g'), { code: 'room-full' });
    });

    it('shows nobody twice who enters again', async () => {
      await guest('mei');
      const { rowCount } = await test.db.query(
        'select from participants where room = $1 and left_at is null',
        [room],
      );
      assert.equal(rowCount, 1);
    });
  });
});
