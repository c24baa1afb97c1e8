import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createRoom } from '../../../src/server/queue/create-room.ts';
import { startWithoutTrtc } from '../../../src/server/rooms/start-without-trtc.ts';
import { SettingsError } from '../../../src/server/settings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { assertSound } from '../queue/sound-state.ts';
import { CallWorld } from '../queue/call-world.ts';

const media = { trtc: true, witnessed: true };

describe('a start without TRTC’s keys', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    const logger = { warn: (what: object) => void warnings.push(what) };
    let world: CallWorld;
    beforeEach(async () => {
      warnings.length = 0;
      world = await CallWorld.make(test.db, test.nodeId);
    });

    it('is refused where a site is to use TRTC, by its name', async () => {
      await startWithoutTrtc(test.db, logger);
      await test.db.query(`update sites set media = 'trtc' where id = 'shop'`);
      await assert.rejects(
        startWithoutTrtc(test.db, logger),
        (error) => error instanceof SettingsError && /"shop"/.test(error.message),
      );
    });

    it('takes the open rooms of before over to the built-in media, and leaves the others', async () => {
      const agent = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.accepted(visitor, agent, media);
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      await startWithoutTrtc(test.db, logger);
      const { rows } = await test.db.query<{ number: number }>(
        `select number from rooms where provider = 'peer' and fell_back_at is not null order by number`,
      );
      assert.deepEqual(
        rows.map(({ number }) => number),
        [room, meeting].sort((a, b) => a - b),
      );
      assert.notEqual(builtIn, meeting);
      assert.deepEqual(warnings, [{ rooms: 2 }]);
      assert.equal((await world.steps(visitor.callId)).at(-1), 'accepted→accepted media-fell-back');
      await assertSound(test.db);
      await startWithoutTrtc(test.db, logger);
      assert.equal(warnings.length, 1);
    });
  });
});
