import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { WaitQuery } from '../../../src/protocol/rest/wait.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { readWait } from '../../../src/server/flows/read-wait.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { contractFlow } from './flow-fixture.ts';
import { publish } from './publish.ts';

const MINUTE = 60_000;

describe('the wait before the press', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    /** The present minute of the database's clock. */
    let now: number;

    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      const { rows } = await test.db.query<{ now: number }>(
        `select extract(epoch from date_trunc('minute', now()))::float8 * 1000 as now`,
      );
      now = rows[0]?.now ?? 0;
    });

    const read = (query: WaitQuery = {}) => readWait(test.db, 'shop', query);

    /** Hours that are open every day between two times, in minutes from now. */
    async function writeHours(from: number, to: number, groups: string[] = []): Promise<void> {
      const clock = (minutes: number) =>
        new Date(now + minutes * MINUTE).toISOString().slice(11, 16);
      const open = [{ days: [1, 2, 3, 4, 5, 6, 7], from: clock(from), to: clock(to) }];
      await test.db.query(
        `insert into hours (site_id, id, name, schedule) values ('shop', 'office', 'Office', $1)`,
        [JSON.stringify({ timeZone: 'UTC', open, exceptions: [] })],
      );
      await test.db.query(
        `update skill_groups set hours = 'office' where site_id = 'shop' and id = any ($1)`,
        [groups],
      );
    }

    /** A past call of the group `sales`, which took 10 minutes of its agent. */
    async function talk(): Promise<void> {
      const visitor = await world.visitor();
      const { legId } = await world.connected(visitor, alice);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await finishWrapUp(test.db, { agentId: alice.id, legId });
      await test.db.query(
        `update calls set connected_at = ended_at - interval '570 s',
                          requested_at = ended_at - interval '580 s' where id = $1`,
        [visitor.callId],
      );
    }

    it('is the range that a waiting visitor would be told, and grows with the queue', async () => {
      await talk();
      const empty = await read();
      assert.deepEqual(empty, {
        open: true,
        until: null,
        estimate: { min: 0, max: 600 },
        late: false,
      });
      await world.visitor();
      const { estimate } = await read({ skill: 'sales' });
      assert.deepEqual(estimate, { min: 600, max: 1_200 });
      assert.equal((await read({ skill: 'service' })).estimate, null);
    });

    it('warns when the wait may last beyond the closing time', async () => {
      await talk();
      await writeHours(-60, 11, ['sales']);
      const wide = await read();
      assert.deepEqual([wide.open, wide.until, wide.late], [true, now + 11 * MINUTE, false]);
      await world.visitor();
      assert.equal((await read({ skill: 'sales' })).late, true);
    });

    it('says until when a group is closed', async () => {
      await writeHours(30, 90, ['sales']);
      const closed = { open: false, until: now + 30 * MINUTE, estimate: null, late: false };
      assert.deepEqual(await read(), closed);
      assert.deepEqual(await read({ skill: 'service' }), {
        open: true,
        until: null,
        estimate: null,
        late: false,
      });
    });

    it('follows the flow that a press would run, by its hours of now', async () => {
      await talk();
      await writeHours(30, 90);
      await publish(test.db, 'help', contractFlow);
      assert.equal((await read()).open, true);
      const asked = await read({ flow: 'help' });
      assert.deepEqual([asked.open, asked.until], [false, now + 30 * MINUTE]);
      await test.db.query(`update flows set is_default = true where site_id = 'shop'`);
      await test.db.query(`update hours set schedule = '{"open": [], "exceptions": []}'`);
      assert.deepEqual(await read({ skill: 'service' }), {
        open: true,
        until: null,
        estimate: null,
        late: false,
      });
    });

    it('takes the default flow, and the whole range of the queues behind it', async () => {
      await talk();
      await writeHours(-60, 90);
      await publish(test.db, 'help', contractFlow);
      await test.db.query(`update flows set is_default = true where site_id = 'shop'`);
      assert.deepEqual(await read(), {
        open: true,
        until: now + 90 * MINUTE,
        estimate: { min: 0, max: 600 },
        late: false,
      });
    });
  });
});
