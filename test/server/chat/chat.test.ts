import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { leaveRoom } from '../../../src/server/rooms/leave-room.ts';
import { markRead } from '../../../src/server/chat/mark-read.ts';
import { readMessages } from '../../../src/server/chat/read-messages.ts';
import { onBothDatabases } from '../../support/databases.ts';
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

    async function join(subject: string): Promise<string> {
      const joiner = { role: 'guest', name: subject, verified: true, subject } as const;
      return issueParticipant(test.db, { room, joiner });
    }
    async function guest(subject: string): Promise<string> {
      const participant = await join(subject);
      const connectionId = await world.visitorSocket();
      await enterRoom(test.db, { room, participant, connectionId });
      return participant;
    }
    const say = (text: string, id = randomUUID(), participant = mei) =>
      appendMessage(test.db, { room, participant, id, text });

    it('has a number that TRTC takes too', () => {
      assert.ok(Number.isInteger(room) && room >= 1 && room <= 2_147_483_647);
    });

    it('counts messages up by one, also those of one moment', async () => {
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

    it('keeps a message once, however often and how much at once it is sent', async () => {
      const id = randomUUID();
      const all = await Promise.all([say('hello', id), say('hello', id), say('hello', id)]);
      all.push(await say('hello', id));
      for (const message of all) assert.deepEqual(message, all[0]);
      assert.equal((await readMessages(test.db, { room, after: 0 })).length, 1);
      assert.equal((await say('next')).sequence, 2);
    });

    it('keeps text as it was, at most 4,000 characters of it', async () => {
      const text = '👩‍👩‍👧 <script>alert(1)</script> \u202e $1 ; drop table';
      assert.equal((await say(text)).text, text);
      assert.equal((await say('x'.repeat(4_000))).text?.length, 4_000);
      await assert.rejects(say('x'.repeat(4_001)), { code: 'message-too-long' });
      await assert.rejects(say(' \n '), { code: 'message-empty' });
      await assert.rejects(say('a\0b'), { code: 'bad-message' });
    });

    it('takes pictures of this room only', async () => {
      const picture = async (of: number) => {
        const { rows } = await test.db.query<{ id: string }>(
          `insert into images (room, type, width, height, bytes) values ($1, 'image/webp', 2, 3, '') returning id`,
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

    it('hears only those who are inside', async () => {
      const outside = await join('bob');
      await assert.rejects(say('hi', randomUUID(), outside), { code: 'conflict' });
      await leaveRoom(test.db, { room, participant: mei });
      await assert.rejects(say('hi'), { code: 'conflict' });
      assert.equal((await readMessages(test.db, { room, after: 0 })).length, 0);
    });

    it('answers a message that was kept also when its sender has left since', async () => {
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

    it('is full with six people in it', async () => {
      for (const name of ['b', 'c', 'd', 'e', 'f']) await guest(name);
      await assert.rejects(guest('g'), { code: 'room-full' });
    });

    it('shows nobody double who joins anew', async () => {
      await guest('mei');
      const { rowCount } = await test.db.query(
        'select from participants where room = $1 and left_at is null',
        [room],
      );
      assert.equal(rowCount, 1);
    });
  });
});
