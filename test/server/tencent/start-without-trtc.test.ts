import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { startWithoutTrtc } from '../../../src/server/tencent/start-without-trtc.ts';
import { SettingsError } from '../../../src/server/settings/settings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { assertSound } from '../calls/sound-state.ts';
import { CallWorld } from '../calls/call-world.ts';

const media = { trtc: true, confirmedByCallback: true };

describe('a start without TRTC’s keys', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    const logger = { warn: (what: object) => void warnings.push(what) };
    let world: CallWorld;
    beforeEach(async () => {
      warnings.length = 0;
      world = await CallWorld.make(test.db, test.nodeId);
    });

    it('is refused if a site wants TRTC alone, and the error names the site', async () => {
      await startWithoutTrtc(test.db, logger);
      await test.db.query(`update sites set media = 'trtc' where id = 'shop'`);
      await assert.rejects(
        startWithoutTrtc(test.db, logger),
        (error) => error instanceof SettingsError && /"shop"/.test(error.message),
      );
    });

    it('lets the open rooms of TRTC go on with the built-in media, and leaves other rooms alone', async () => {
      const agent = await world.agent('Alice');
      const visitor = await world.visitor();
      const { room } = await world.accepted(visitor, agent, media);
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      await startWithoutTrtc(test.db, logger);
      const { rows } = await test.db.query<{ number: number }>(
        `select number from rooms where provider = 'mesh' and fell_back_at is not null order by number`,
      );
      assert.deepEqual(
        rows.map(({ number }) => number),
        [room, meeting].sort((a, b) => a - b),
      );
      assert.notEqual(builtIn, meeting);
      assert.deepEqual(warnings, [{ rooms: 2 }]);
      assert.equal((await world.events(visitor.callId)).at(-1), 'media-fell-back');
      await assertSound(test.db);
      await startWithoutTrtc(test.db, logger);
      assert.equal(warnings.length, 1);
    });

    it('locks calls and then rooms, each in the order of their ids', async () => {
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
        // Written last, so that a scan of the table comes to it last.
        await test.db.query(`update ${table} set site_id = site_id where ${id} = $1`, [first]);
        // PGlite has one connection, so that nobody else can hold a lock.
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

    /** The ids of the rows that nobody has locked, in their order. */
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
