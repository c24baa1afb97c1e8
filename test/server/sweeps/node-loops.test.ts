import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import type { Database } from '../../../src/server/database/database.ts';
import { NodeLoops } from '../../../src/server/sweeps/node-loops.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { withQuery } from '../../support/with-query.ts';
import { CallWorld } from '../calls/call-world.ts';

const logger = pino({ level: 'silent' });

describe('the loops of a node', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    const running: NodeLoops[] = [];
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    afterEach(async () => {
      await Promise.all(running.splice(0).map((loops) => loops.stop()));
    });
    async function start(database: Database, onLost?: () => void): Promise<NodeLoops> {
      const { nodeId } = test;
      const loops = new NodeLoops({ database, nodeId, logger, onLost });
      running.push(loops);
      await loops.start();
      return loops;
    }
    /** Into the tables alone: no node is notified. */
    async function writeQueuedCall(site: string, group: string): Promise<string> {
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name) values ($1, $2, 'Mei') returning id`,
        [site, group],
      );
      return rows[0]?.id ?? '';
    }
    const state = async (callId: string) => (await world.call(callId)).state;

    it('matches and sweeps by itself', async () => {
      const loops = await start(test.db);
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await waitUntil(
        'the call is offered',
        async () => (await state(visitor.callId)) === 'offered',
      );
      await waitUntil('it has counted it', () => loops.matched === 1);
      await test.db.query('update legs set deadline = now()');
      await waitUntil(
        'it is missed',
        async () => (await world.agentRow(alice.id)).missed_in_row === 1,
      );
    });

    it('matches without any notice, once a second', async () => {
      await world.agent('Alice');
      await start(test.db);
      const callId = await writeQueuedCall('shop', 'sales');
      await waitUntil('it is offered', async () => (await state(callId)) === 'offered');
    });

    it('matches each site, also if the matching of another one fails', async () => {
      await world.agent('Alice');
      await test.db.query(`insert into sites (id, name) values ('broken', 'Broken')`);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('broken', 'sales', 'Sales')`,
      );
      await writeQueuedCall('broken', 'sales');
      // The notice of Alice's status has been told before the loops listen.
      await new Promise((told) => setImmediate(told));
      let failures = 0;
      const broken: Database = {
        ...withQuery(test.db, (text, values) => test.db.query(text, values)),
        transaction: (work) =>
          test.db.transaction((tx) =>
            work({
              query(text, values) {
                if (!values?.includes('broken')) return tx.query(text, values);
                failures += 1;
                return Promise.reject(new Error('this site cannot be matched'));
              },
            }),
          ),
      };
      await start(broken);
      await waitUntil('this site has failed', () => failures > 0);
      const callId = await writeQueuedCall('shop', 'sales');
      await waitUntil('the other site is matched', async () => (await state(callId)) === 'offered');
    });

    it('notices that it was declared dead, and goes on without connections', async () => {
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

    it('deletes its node when it stops', async () => {
      const loops = await start(test.db);
      await loops.stop();
      running.length = 0;
      assert.equal((await test.db.query('select from nodes')).rowCount, 0);
    });
  });
});
