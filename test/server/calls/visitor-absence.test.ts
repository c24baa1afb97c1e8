import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readCallRecord } from '../../../src/server/calls/call-record.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { leaveCall, returnToCall } from '../../../src/server/calls/leave-call.ts';
import { listCalls } from '../../../src/server/calls/list-calls.ts';
import { LEG_TALK_SECONDS } from '../../../src/server/views/view-columns.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from './call-world.ts';

const SCOPE = { siteId: 'shop', groups: null, agentId: null };

describe('the time in which a visitor who left could come back', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    let callId: string;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      ({ callId } = visitor);
      await at(0, 'connected');
      await test.db.query(
        `update calls set connected_at = ${time(0)}, requested_at = ${time(0)} where id = $1`,
        [callId],
      );
      await test.db.query(`update legs set joined_at = ${time(0)} where call_id = $1`, [callId]);
    });
    const start = Math.floor(Date.now() / 1_000) - 3_600;
    /** SQL: so many seconds after a moment of about an hour ago. */
    const time = (seconds: number) => `to_timestamp(${start + seconds})`;
    /** The last event of this type was then. */
    async function at(seconds: number, type: string): Promise<void> {
      await test.db.query('alter table call_events disable trigger call_events_append_only');
      await test.db.query(
        `update call_events set at = ${time(seconds)} where (call_id, sequence) = (
           select call_id, max(sequence) from call_events where call_id = $1 and type = $2 group by call_id)`,
        [callId, type],
      );
      await test.db.query('alter table call_events enable trigger call_events_append_only');
    }
    async function leave(seconds: number): Promise<void> {
      assert.equal(await leaveCall(test.db, callId), true);
      await at(seconds, 'visitor-left');
    }
    async function comeBack(seconds: number): Promise<void> {
      await returnToCall(test.db, callId);
      await at(seconds, 'visitor-returned');
    }
    async function end(seconds: number): Promise<void> {
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      await at(seconds, 'ended');
      await test.db.query(`update calls set ended_at = ${time(seconds)} where id = $1`, [callId]);
      await test.db.query(
        `update legs set left_at = ${time(seconds)}, closed_at = ${time(seconds)}, state = 'closed', wrap_up_until = null
          where call_id = $1`,
        [callId],
      );
    }
    const talked = async () => (await readCallRecord(test.db, SCOPE, callId))?.seconds;
    const inReports = async () => {
      const { rows } = await test.db.query<{ ms: number }>(
        `select sum(talk_ms)::float8 as ms from report_facts where call_id = $1 and dimension = 'group'`,
        [callId],
      );
      return rows[0]?.ms;
    };

    it('is no talk time if the visitor stays away', async () => {
      await leave(100);
      await end(160);
      assert.equal(await talked(), 100);
      assert.equal(await inReports(), 100_000);
    });

    it('is no talk time between leaving and coming back, however often', async () => {
      await leave(100);
      await comeBack(130);
      await leave(200);
      await comeBack(210);
      await end(300);
      assert.equal(await talked(), 260);
      assert.equal(await inReports(), 260_000);
      const list = async (filter: object) =>
        (await listCalls(test.db, SCOPE, filter, {})).calls.length;
      assert.deepEqual([await list({ minSeconds: 260 }), await list({ minSeconds: 261 })], [1, 0]);
      const { rows } = await test.db.query<{ seconds: number }>(
        `select floor(${LEG_TALK_SECONDS})::int as seconds from legs l join calls c on c.id = l.call_id`,
      );
      assert.deepEqual(rows, [{ seconds: 260 }]);
    });

    it('counts for the agent who was there, and not for one who had gone before', async () => {
      await leave(100);
      await comeBack(130);
      await end(300);
      await test.db.query(`update legs set left_at = ${time(80)} where call_id = $1`, [callId]);
      assert.equal(await inReports(), 80_000);
    });

    it('changes nothing where nobody left', async () => {
      await end(300);
      assert.equal(await talked(), 300);
      assert.equal(await inReports(), 300_000);
    });
  });
});
