import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { sweepRetention } from '../../../src/server/retention/sweep-retention.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { age, countTables, pastCall, talk } from './past-calls.ts';

const OF_A_CALL = [
  'calls',
  'legs',
  'call_events',
  'rooms',
  'participants',
  'messages',
  'images',
  'transcript_lines',
];

describe('retention', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      await test.db.query('update sites set call_days = 30, chat_days = 20, picture_days = 10');
    });
    /** Until nothing is left to delete. Resolves to the number of runs. */
    const sweepAll = async (): Promise<number> => {
      let runs = 1;
      while (await sweepRetention(test.db)) runs += 1;
      return runs;
    };
    const count = (...tables: string[]) => countTables(test.db, ...tables);

    it('deletes pictures, then the conversation, then the call, each at its own time', async () => {
      const { callId } = await pastCall(world, alice);
      await sweepAll();
      assert.deepEqual(await count('calls', 'messages', 'images'), {
        calls: 1,
        messages: 2,
        images: 1,
      });
      await age(test.db, callId, 11);
      await sweepAll();
      assert.deepEqual(await count('calls', 'messages', 'images', 'transcript_lines'), {
        calls: 1,
        messages: 1,
        images: 0,
        transcript_lines: 1,
      });
      await age(test.db, callId, 10);
      await sweepAll();
      assert.deepEqual(await count('calls', 'rooms', 'messages', 'transcript_lines'), {
        calls: 1,
        rooms: 1,
        messages: 0,
        transcript_lines: 0,
      });
      await age(test.db, callId, 10);
      await sweepAll();
      const left = await count(...OF_A_CALL);
      assert.deepEqual(left, Object.fromEntries(OF_A_CALL.map((table) => [table, 0])));
    });

    it('keeps no picture longer than its conversation', async () => {
      await test.db.query('update sites set picture_days = 3650');
      const { callId } = await pastCall(world, alice);
      await age(test.db, callId, 21);
      await sweepAll();
      assert.deepEqual(await count('messages', 'images'), { messages: 0, images: 0 });
    });

    it('keeps the figures of deleted calls, and nobody’s name', async () => {
      const talked = await pastCall(world, alice, { externalId: 'C-1', name: 'Clara' });
      await test.db.query(
        `update calls c set connected_at = e.at + interval '7 seconds', ended_at = e.at + interval '67 seconds'
           from call_events e where c.id = $1 and e.call_id = c.id and e.type = 'queued'`,
        [talked.callId],
      );
      const { callId: waited } = await requestCall(test.db, {
        siteId: 'shop',
        name: 'Mei',
        resumeHash: Buffer.alloc(32, 1),
      });
      await test.db.query(
        `update calls c set state = 'ended', ended_reason = 'cancelled', ended_at = e.at + interval '30 seconds'
           from call_events e where c.id = $1 and e.call_id = c.id and e.type = 'queued'`,
        [waited],
      );
      for (const id of [talked.callId, waited]) await age(test.db, id, 31);
      await sweepAll();
      const { rows } = await test.db.query(
        `select site_id, group_id, hour = date_trunc('hour', now() - interval '31 days') as hour, calls, answered,
                abandoned, answer_wait_ms::int as answered_after, abandon_wait_ms::int as abandoned_after
           from report_hours where dimension = 'group'`,
      );
      assert.deepEqual(rows, [
        {
          site_id: 'shop',
          group_id: 'sales',
          hour: true,
          calls: 2,
          answered: 1,
          abandoned: 1,
          answered_after: 7_000,
          abandoned_after: 30_000,
        },
      ]);
      assert.deepEqual(await count('visitors'), { visitors: 0 });
    });

    it('adds further calls of an hour to its figures', async () => {
      for (let i = 0; i < 2; i += 1) {
        const { callId } = await pastCall(world, alice);
        await age(test.db, callId, 31);
        await sweepAll();
      }
      const { rows } = await test.db.query(
        `select calls, answered from report_hours where dimension = 'group'`,
      );
      assert.deepEqual(rows, [{ calls: 2, answered: 2 }]);
    });

    it('never touches a live call, nor what another site keeps longer', async () => {
      await test.db.query(`insert into sites (id, name, call_days) values ('bank', 'Bank', 3650)`);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('bank', 'help', 'Help')`,
      );
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name, requested_at, state, ended_at, ended_reason)
         values ('bank', 'help', 'V', now() - interval '900 days', 'ended', now() - interval '900 days', 'cancelled')`,
      );
      const { callId } = await talk(world, alice);
      await age(test.db, callId, 900);
      await sweepAll();
      assert.deepEqual(await count('calls', 'messages', 'images'), {
        calls: 2,
        messages: 2,
        images: 1,
      });
    });

    it('deletes in bounded steps, and all of it in the end', async () => {
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name, requested_at, state, ended_at, ended_reason)
         select 'shop', 'sales', 'V', now() - interval '40 days', 'ended', now() - interval '40 days', 'cancelled'
           from generate_series(1, 120)`,
      );
      assert.equal(await sweepRetention(test.db), true);
      assert.deepEqual(await count('calls'), { calls: 70 });
      assert.equal(await sweepAll(), 2);
      assert.deepEqual(await count('calls'), { calls: 0 });
      const { rows } = await test.db.query(
        `select sum(calls)::int as calls from report_hours where dimension = 'group'`,
      );
      assert.deepEqual(rows, [{ calls: 120 }]);
    });

    it('counts each call once when two nodes delete at the same time', async () => {
      const other = await test.another();
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name, requested_at, state, ended_at, ended_reason)
         select 'shop', 'sales', 'V', now() - interval '40 days', 'ended', now() - interval '40 days', 'cancelled'
           from generate_series(1, 300)`,
      );
      const sweeping = async (db: typeof other) => {
        while ((await countTables(db, 'calls'))['calls']) await sweepRetention(db);
      };
      await Promise.all([sweeping(test.db), sweeping(other)]);
      const { rows } = await test.db.query(
        `select sum(calls)::int as calls from report_hours where dimension = 'group'`,
      );
      assert.deepEqual(rows, [{ calls: 300 }]);
    });

    it('deletes a closed meeting with the site’s calls, and leaves an open one', async () => {
      const closed = await createRoom(test.db, { siteId: 'shop' });
      await createRoom(test.db, { siteId: 'shop' });
      await closeRoom(test.db, { siteId: 'shop', room: closed });
      await test.db.query(`update rooms set closed_at = closed_at - interval '31 days',
                                            created_at = created_at - interval '100 days'`);
      await sweepAll();
      const { rows } = await test.db.query('select closed_at from rooms');
      assert.deepEqual(rows, [{ closed_at: null }]);
    });

    it('keeps the last row of a security log that is old as a whole, so that the next one follows it', async () => {
      const write = () =>
        test.db.query(
          `insert into audit (site_id, type, actor) values ('shop', 'signed-in', 'system')`,
        );
      for (let i = 0; i < 3; i += 1) await write();
      await test.db.query(`
        alter table audit disable trigger audit_append_only;
        update audit set at = at - interval '1100 days';
        alter table audit enable trigger audit_append_only`);
      await sweepAll();
      await write();
      const { rows } = await test.db.query('select sequence::int from audit order by 1');
      assert.deepEqual(rows, [{ sequence: 3 }, { sequence: 4 }]);
    });

    it('keeps a visitor of whom a call is left', async () => {
      const first = await pastCall(world, alice, { externalId: 'C-1' });
      await pastCall(world, alice, { externalId: 'C-1' });
      await age(test.db, first.callId, 31);
      await sweepAll();
      assert.deepEqual(await count('calls', 'visitors'), { calls: 1, visitors: 1 });
    });
  });
});
