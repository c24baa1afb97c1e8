import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { pino } from 'pino';
import { carryOutErasures } from '../../../src/server/retention/carry-out-erasures.ts';
import { readErasure, subjectHash } from '../../../src/server/retention/erasure.ts';
import { countErasure, requestErasure } from '../../../src/server/retention/request-erasure.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withTransaction } from '../../support/with-query.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { countTables, pastCall, talk } from './past-calls.ts';

const silent = pino({ level: 'silent' });

describe('an erasure', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
    });
    const clara = { siteId: 'shop', kind: 'visitor', subject: 'C-1' } as const;
    const order = (subject: Parameters<typeof countErasure>[1] = clara) =>
      requestErasure(test.db, {
        ...subject,
        requestedBy: 'owner olivia',
        actor: { kind: 'system' },
        address: null,
      });
    const carryOut = async (): Promise<void> => {
      while (await carryOutErasures(test.db, silent));
    };
    const read = async (id: string) => {
      const erasure = await readErasure(test.db, 'shop', id);
      assert.ok(erasure);
      return erasure;
    };
    const count = (...tables: string[]) => countTables(test.db, ...tables);

    it('counts first, and deletes nothing by that', async () => {
      await pastCall(world, alice, { externalId: 'C-1' });
      await talk(world, alice, { externalId: 'C-1' });
      await pastCall(world, await world.agent('Bob'), { externalId: 'C-2' });
      const counts = await countErasure(test.db, clara);
      assert.deepEqual(
        { ...counts, events: counts.events > 10 },
        {
          calls: 2,
          liveCalls: 1,
          heldCalls: 0,
          legs: 2,
          events: true,
          rooms: 2,
          participants: 4,
          messages: 4,
          pictures: 2,
          ratings: 0,
          consents: 0,
          deviceReports: 0,
          captions: 2,
          recordings: 0,
        },
      );
      assert.deepEqual(await count('calls', 'erasures'), { calls: 3, erasures: 0 });
    });

    it('deletes a visitor with all calls, and nobody else’s', async () => {
      const calls = [
        await pastCall(world, alice, { externalId: 'C-1' }),
        await pastCall(world, alice, { externalId: 'C-1' }),
      ];
      const other = await pastCall(world, alice, { externalId: 'C-2' });
      const { liveCalls, heldCalls, ...expected } = await countErasure(test.db, clara);
      assert.deepEqual([liveCalls, heldCalls], [0, 0]);
      const { id } = await order();
      await carryOut();
      const erasure = await read(id);
      assert.ok(erasure.finishedAt);
      assert.deepEqual(erasure.deleted, expected);
      assert.equal(erasure.subjectHash, subjectHash('C-1'));
      assert.equal(erasure.requestedBy, 'owner olivia');
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
      assert.equal(
        erasure.digest,
        calls.reduce((digest, { callId }) => sha256(digest + callId), ''),
      );
      const { rows } = await test.db.query('select id from calls');
      assert.deepEqual(rows, [{ id: other.callId }]);
      const visitors = await test.db.query('select external_id from visitors');
      assert.deepEqual(visitors.rows, [{ external_id: 'C-2' }]);
      const figures = await test.db.query(
        `select sum(calls)::int as calls from report_hours where dimension = 'group'`,
      );
      assert.deepEqual(figures.rows, [{ calls: 2 }]);
    });

    it('leaves no trace of the person in the database', async () => {
      const secret = 'ANNA-4711';
      const { callId } = await pastCall(world, alice, {
        externalId: secret,
        name: secret,
        params: { customer: secret },
        page: `https://shop.test/${secret}`,
      });
      await order({ ...clara, subject: secret });
      await carryOut();
      const { rows: tables } = await test.db.query<{ name: string }>(
        `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
      );
      assert.ok(tables.length > 15);
      for (const { name } of tables) {
        const { rows } = await test.db.query<{ text: string }>(
          `select row_to_json(t)::text as text from ${name} t`,
        );
        for (const { text } of rows) {
          assert.ok(!text.includes(secret), `${name}: ${text}`);
          assert.ok(!text.includes(callId), `${name}: ${text}`);
        }
      }
    });

    it('deletes one call, and keeps the visitor and the others', async () => {
      const { callId } = await pastCall(world, alice, { externalId: 'C-1' });
      await pastCall(world, alice, { externalId: 'C-1' });
      const { id } = await order({ siteId: 'shop', kind: 'call', subject: callId });
      await carryOut();
      assert.equal((await read(id)).deleted.calls, 1);
      assert.deepEqual(await count('calls', 'visitors'), { calls: 1, visitors: 1 });
    });

    it('waits for the end of a live call', async () => {
      const { callId } = await talk(world, alice, { externalId: 'C-1' });
      const { id } = await order();
      await carryOut();
      assert.equal((await read(id)).finishedAt, null);
      assert.deepEqual(await count('calls', 'visitors'), { calls: 1, visitors: 1 });
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      await test.db.query('update erasures set due_at = now()');
      await carryOut();
      assert.ok((await read(id)).finishedAt);
      assert.deepEqual(await count('calls', 'visitors'), { calls: 0, visitors: 0 });
    });

    it('holds up no other erasure while it waits', async () => {
      await talk(world, alice, { externalId: 'C-1' });
      await pastCall(world, await world.agent('Bob'), { externalId: 'C-2' });
      await order();
      const { id: second } = await order({ ...clara, subject: 'C-2' });
      await carryOut();
      assert.ok((await read(second)).finishedAt);
    });

    it('goes on on another node if the first one was killed, and counts nothing twice', async () => {
      await pastCall(world, alice, { externalId: 'C-1' });
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name, visitor_id, state, ended_at, ended_reason)
         select 'shop', 'sales', 'V', v.id, 'ended', now(), 'cancelled'
           from visitors v, generate_series(1, 45) returning id`,
      );
      const { id } = await order();
      await carryOutErasures(test.db, silent);
      // The next step breaks off after it has deleted, before its commit.
      const dying = withTransaction(test.db, (tx) => ({
        query: (text, values) => {
          if (text.includes('update erasures')) throw new Error('killed');
          return tx.query(text, values);
        },
      }));
      await assert.rejects(carryOutErasures(dying, silent), /killed/);
      assert.equal((await read(id)).deleted.calls, 20);
      const other = await test.another();
      while (await carryOutErasures(other, silent));
      const { deleted, finishedAt } = await read(id);
      assert.ok(finishedAt);
      assert.equal(deleted.calls, rows.length + 1);
      assert.deepEqual(await count('calls'), { calls: 0 });
    });

    it('is one job, however often it is ordered', async () => {
      await pastCall(world, alice, { externalId: 'C-1' });
      const ids = await Promise.all([order(), order(), order()]);
      assert.equal(new Set(ids.map(({ id }) => id)).size, 1);
    });

    it('is refused for a visitor or a call that the site does not have', async () => {
      const { callId } = await pastCall(world, alice, { externalId: 'C-1' });
      await test.db.query(`insert into sites (id, name) values ('bank', 'Bank')`);
      const unknown = [
        { siteId: 'shop', kind: 'visitor', subject: 'C-9' },
        { siteId: 'shop', kind: 'visitor', subject: '\0' },
        { siteId: 'bank', kind: 'visitor', subject: 'C-1' },
        { siteId: 'bank', kind: 'call', subject: callId },
      ] as const;
      for (const subject of unknown) {
        await assert.rejects(order(subject), { code: 'not-found' });
        await assert.rejects(countErasure(test.db, subject), { code: 'not-found' });
      }
      assert.deepEqual(await count('erasures'), { erasures: 0 });
    });
  });
});
