import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { recordUptime } from '../../../src/server/presence/record-uptime.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { sweepGuests } from '../../../src/server/sweeps/sweep-guests.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('the sweep of guests', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let room: number;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      room = await createRoom(test.db, { siteId: 'shop' });
    });

    async function enter(subject: string): Promise<{ participant: string; connectionId: string }> {
      const holder = { role: 'guest', name: subject, verified: true, subject } as const;
      const participant = await issueParticipant(test.db, { room, holder });
      const connectionId = await world.visitorSocket();
      await enterRoom(test.db, { room, participant, connectionId });
      return { participant, connectionId };
    }
    const age = (participant: string, seconds: number) =>
      test.db.query(
        'update participants set gone_at = gone_at - make_interval(secs => $2) where id = $1',
        [participant, seconds],
      );
    async function present(): Promise<string[]> {
      await recordUptime(test.db);
      await sweepGuests(test.db);
      const { rows } = await test.db.query<{ subject: string }>(
        'select subject from participants where room = $1 and left_at is null order by subject',
        [room],
      );
      return rows.map(({ subject }) => subject);
    }

    it('drops a guest who has had no socket for 45 s, and nobody else', async () => {
      const [ada, bob] = [await enter('ada'), await enter('bob')];
      await enter('cem');
      await closeConnection(test.db, ada.connectionId);
      await closeConnection(test.db, bob.connectionId);
      assert.deepEqual(await present(), ['ada', 'bob', 'cem']);
      await age(ada.participant, 46);
      await age(bob.participant, 40);
      assert.deepEqual(await present(), ['bob', 'cem']);
    });

    it('begins to count again when a guest was back in between', async () => {
      const ada = await enter('ada');
      await closeConnection(test.db, ada.connectionId);
      await present();
      await age(ada.participant, 40);
      const connectionId = await world.visitorSocket();
      await enterRoom(test.db, { room, participant: ada.participant, connectionId });
      await closeConnection(test.db, connectionId);
      await present();
      await age(ada.participant, 40);
      assert.deepEqual(await present(), ['ada']);
    });

    it('keeps a guest whose media live at TRTC, and removes there whom it drops', async () => {
      const [ada, bob] = [await enter('ada'), await enter('bob')];
      await test.db.query(`update rooms set provider = 'trtc' where number = $1`, [room]);
      await test.db.query(`update participants set reported = 'inside' where id = $1`, [
        ada.participant,
      ]);
      for (const { participant, connectionId } of [ada, bob]) {
        await closeConnection(test.db, connectionId);
        await present();
        await age(participant, 46);
      }
      assert.deepEqual(await present(), ['ada']);
      const { rows } = await test.db.query<{ payload: unknown }>(
        `select payload from outbox where kind = 'remove-participant'`,
        [],
      );
      assert.deepEqual(rows, [{ payload: { room, participant: bob.participant } }]);
    });

    it('leaves the places of a full room to those who have a socket', async () => {
      const people = [];
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) people.push(await enter(name));
      await assert.rejects(enter('g'), { code: 'room-full' });
      const gone = people[0]!;
      await closeConnection(test.db, gone.connectionId);
      await enter('h');
      const connectionId = await world.visitorSocket();
      const { participant } = gone;
      await assert.rejects(enterRoom(test.db, { room, participant, connectionId }), {
        code: 'room-full',
      });
    });
  });
});
