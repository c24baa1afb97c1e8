import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

interface StatusRow {
  readonly status: string;
  readonly status_reason: string | null;
  readonly status_age: number;
  readonly idle: number;
}

describe('the status that an agent chooses', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
    });
    const set = (status: 'available' | 'break' | 'offline', reason?: string) =>
      setStatus(test.db, { agentId: alice.id, status, reason, connectionId: alice.tab });
    async function read(): Promise<StatusRow> {
      const { rows } = await test.db.query<StatusRow>(
        `select status, status_reason, extract(epoch from now() - status_since)::float8 as status_age,
                extract(epoch from now() - idle_since)::float8 as idle from agents where id = $1`,
        [alice.id],
      );
      return rows[0] ?? assert.fail();
    }

    it('carries the agent’s own reason, until the next choice', async () => {
      await set('break', '  Lunch 🍜 ');
      assert.equal((await read()).status_reason, 'Lunch 🍜');
      await set('break', '   ');
      assert.equal((await read()).status_reason, null);
      await set('break', 'Training');
      await set('available');
      assert.deepEqual([(await read()).status, (await read()).status_reason], ['available', null]);
      await assert.rejects(set('break', 'a\0b'), { code: 'bad-message' });
    });

    it('counts the time in a status, and the idle time, from the change and not from a repetition', async () => {
      await world.shift('agents', alice.id, 'status_since', 600);
      await world.shift('agents', alice.id, 'idle_since', 600);
      await set('available');
      assert.ok((await read()).status_age >= 600 && (await read()).idle >= 600);
      await set('break');
      assert.ok((await read()).status_age < 600);
      await set('available');
      assert.ok((await read()).idle < 600);
    });

    it('withdraws the offer of an agent who is no longer available, and the call goes to somebody else', async () => {
      const visitor = await world.visitor();
      const { id } = await world.offerOf(visitor.callId);
      const bob = await world.agent('Bob');
      await set('break');
      const { state, end_reason } = await world.leg(id);
      assert.deepEqual([state, end_reason], ['withdrawn', 'agent-unavailable']);
      assert.equal((await world.agentRow(alice.id)).missed_in_row, 0);
      assert.equal((await world.offerOf(visitor.callId)).agent_id, bob.id);
    });

    it('may be chosen during a call, which goes on', async () => {
      const visitor = await world.visitor();
      await world.connected(visitor, alice);
      await set('offline');
      assert.equal((await world.call(visitor.callId)).state, 'connected');
    });

    it('is refused from a tab that is no longer known', async () => {
      for (const connectionId of [randomUUID(), (await world.agent('Bob')).tab]) {
        const setting = setStatus(test.db, { agentId: alice.id, status: 'break', connectionId });
        await assert.rejects(setting, { code: 'conflict' });
      }
      assert.equal((await read()).status, 'available');
    });
  });
});
