import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import type { Database } from '../../../src/server/database/database.ts';
import { Dispatcher } from '../../../src/server/sweeps/node-loops.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { withQuery } from '../../support/with-query.ts';
import { CallWorld } from '../calls/call-world.ts';

const logger = pino({ level: 'silent' });

describe('the dispatcher of a node', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    const running: Dispatcher[] = [];
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((dispatcher) => dispatcher.stop()));
    });
    async function start(database: Database, onLost?: () => void): Promise<Dispatcher> {
      const { nodeId } = test;
      const dispatcher = new Dispatcher({ database, nodeId, logger, onLost });
      running.push(dispatcher);
      await dispatcher.start();
      return dispatcher;
    }
    const state = async (callId: string) => (await world.call(callId)).state;

    it('matches and sweeps by itself', async () => {
      const dispatcher = await start(test.db);
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await waitUntil(
        'the call is offered',
        async () => (await state(visitor.callId)) === 'offered',
      );
      await waitUntil('it has counted it', () => dispatcher.matched === 1);
      await test.db.query('update offers set deadline = now()');
      await waitUntil(
        'it is missed',
        async () => (await world.agentRow(alice.id)).missed_in_row === 1,
      );
    });

    it('matches without any notice, by asking every second', async () => {
      await world.agent('Alice');
      // Written behind the server's back: nobody is told.
      await start(test.db);
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name) values ('shop', 'sales', 'Mei') returning id`,
      );
      await waitUntil('it is offered', async () => (await state(rows[0]?.id ?? '')) === 'offered');
    });

    it('learns that it was declared dead, and goes on with no connection', async () => {
      let told = 0;
      await world.agent('Alice');
      await start(test.db, () => (told += 1));
      await test.db.query('delete from nodes');
      await waitUntil('it is told', () => told === 1);
      await waitUntil(
        'it lives again',
        async () => (await test.db.query('select from nodes')).rowCount,
      );
      assert.equal((await test.db.query('select from connections')).rowCount, 0);
      await world.tab((await world.agent('Bob')).id);
    });

    it('goes on after errors of the database', async () => {
      let failing = true;
      let failures = 0;
      const broken = withQuery(test.db, (text, values) => {
        if (!failing || text.includes('nodes')) return test.db.query(text, values);
        failures += 1;
        return Promise.reject(new Error('the database is away'));
      });
      await start(broken);
      await world.agent('Alice');
      const visitor = await world.visitor();
      await waitUntil('it has failed', () => failures >= 2);
      failing = false;
      await waitUntil(
        'the call is offered',
        async () => (await state(visitor.callId)) === 'offered',
      );
    });

    it('takes its node out when it stops, and does nothing after', async () => {
      const dispatcher = await start(test.db);
      await dispatcher.stop();
      running.length = 0;
      assert.equal((await test.db.query('select from nodes')).rowCount, 0);
      await test.db.query('insert into nodes (id) values ($1)', [randomUUID()]);
    });
  });
});
