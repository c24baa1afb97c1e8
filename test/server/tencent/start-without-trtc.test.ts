import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { startWithoutTrtc } from '../../../src/server/tencent/start-without-trtc.ts';
import { SettingsError } from '../../../src/server/settings/settings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { assertSound } from '../calls/sound-state.ts';
import { CallWorld } from '../calls/call-world.ts';

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

    it('waits for calls and then for rooms, each in the order of their ids, and takes no later one before', async () => {
      for (const name of ['Alice', 'Bob', 'Carol']) {
        const agent = await world.agent(name);
        await world.accepted(await world.visitor(), agent, media);
      }
      const starting: Promise<void>[] = [];
      for (const [table, id] of [
        ['calls', 'id'],
        ['rooms', 'number'],
      ] as const) {
        const [first, ...later] = await free(table, id);
        // Written last, so that whoever goes through the table as it lies comes to it last.
        await test.db.query(`update ${table} set site_id = site_id where ${id} = $1`, [first]);
        // PGlite has one connection: nobody can be in the way.
        if (test.kind === 'PGlite') continue;
        const holder = await test.another();
        await holder.transaction(async (tx) => {
          await tx.query(`select from ${table} where ${id} = $1 for update`, [first]);
          starting.push(startWithoutTrtc(test.db, logger));
          await waitUntil('the start waits', async () => {
            const { rowCount } = await holder.query(
              `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
            );
            return rowCount === 1;
          });
          assert.deepEqual(await free(table, id), later);
        });
        await Promise.all(starting);
        await test.db.query(`update rooms set provider = 'trtc'`);
      }
      await startWithoutTrtc(test.db, logger);
      assert.deepEqual(warnings.at(-1), { rooms: 3 });
    });

    /** The ids of the rows that nobody holds, in their order. */
    async function free(table: string, id: string): Promise<unknown[]> {
      const { rows } = await (
        await test.another()
      ).query<{ id: unknown }>(
        `select ${id} as id from ${table} order by ${id} for update skip locked`,
      );
      return rows.map((row) => row.id);
    }
  });
});
