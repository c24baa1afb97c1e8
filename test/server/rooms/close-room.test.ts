import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { closeUnusedRooms } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';

describe('a room without a call', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });

    async function roomUsed(days: number): Promise<number> {
      const room = await createRoom(test.db, { siteId: 'shop' });
      await test.db.query(
        'update rooms set created_at = created_at - make_interval(days => $2) where number = $1',
        [room, days],
      );
      return room;
    }
    async function visit(room: number, days: number, stays: boolean): Promise<void> {
      const holder = { role: 'guest', name: 'Ada', verified: true, subject: 'ada' } as const;
      const participant = await issueParticipant(test.db, { room, holder });
      const connectionId = await world.visitorSocket();
      await enterRoom(test.db, { room, participant, connectionId });
      if (!stays) await test.db.query('delete from connections where id = $1', [connectionId]);
      await test.db.query(
        `update participants set issued_at = now() - make_interval(days => $2),
                left_at = case when $3 then null else now() - make_interval(days => $2) end
          where id = $1`,
        [participant, days, stays],
      );
    }
    const isOpen = async (room: number) =>
      (await test.db.query('select from rooms where number = $1 and closed_at is null', [room]))
        .rowCount === 1;

    it('is closed when nobody has used it for sixty days, and not before', async () => {
      const [recent, old] = [await roomUsed(59), await roomUsed(61)];
      const visited = await roomUsed(300);
      await visit(visited, 59, false);
      const left = await roomUsed(300);
      await visit(left, 61, false);
      const inside = await roomUsed(300);
      await visit(inside, 61, true);
      await closeUnusedRooms(test.db);
      assert.deepEqual(await Promise.all([recent, old, visited, left, inside].map(isOpen)), [
        true,
        false,
        true,
        false,
        true,
      ]);
    });

    it('is closed for disuse only if it belongs to no call', async () => {
      const agent = await world.agent('Alice');
      const { room } = await world.connected(await world.visitor(), agent);
      await test.db.query(`update rooms set created_at = now() - interval '61 days'`);
      await test.db.query(`update participants set issued_at = now() - interval '61 days'`);
      await test.db.query('delete from connections');
      await closeUnusedRooms(test.db);
      assert.equal(await isOpen(room), true);
    });
  });
});
