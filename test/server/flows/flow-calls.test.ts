import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { FlowStep } from '../../../src/protocol/flow.ts';
import { readCallRecord } from '../../../src/server/calls/call-record.ts';
import { answerFlow } from '../../../src/server/flows/answer-flow.ts';
import { beginFlow, type FlowRequest } from '../../../src/server/flows/begin-flow.ts';
import type { FlowValue } from '../../../src/server/flows/flow-state.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';
import { contractFlow, flow } from './flow-fixture.ts';
import { publish } from './publish.ts';

const straight: Record<string, FlowStep> = {
  s: { type: 'start', next: { next: 'q' } },
  q: { type: 'queue', group: 'sales', next: { full: 'l', nobody: 'l', timeout: 'l' } },
  l: { type: 'leave-message', next: { done: 'e', skipped: 'e' } },
  e: { type: 'end' },
};

describe('a call in a flow', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      const always = {
        timeZone: null,
        exceptions: [],
        open: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' }],
      };
      await test.db.query(
        `insert into hours (site_id, id, name, schedule) values ('shop', 'office', 'Office', $1)`,
        [JSON.stringify(always)],
      );
      await publish(test.db, 'help', contractFlow);
      await publish(test.db, 'straight', flow(straight));
    });
    const begin = async (id = 'help', request: Partial<FlowRequest> = {}) => {
      const connectionId = await world.visitorSocket();
      const resumeHash = randomBytes(32);
      const asked = { siteId: 'shop', name: 'Mei', resumeHash, connectionId, flow: id, ...request };
      return { ...(await beginFlow(test.db, asked)), connectionId, resumeHash };
    };
    const answer = (callId: string, node: string, value: FlowValue) =>
      answerFlow(test.db, { callId, node, input: { kind: 'answer', value } });
    const callOf = async (id: string) => {
      const { rows } = await test.db.query<{
        state: string;
        group_id: string | null;
        node: string;
        priority: number;
        ended_reason: string | null;
      }>(
        'select state, group_id, flow_node as node, priority, ended_reason from calls where id = $1',
        [id],
      );
      return rows[0]!;
    };
    const followUps = async () =>
      (await test.db.query('select kind, group_id, contact, text from follow_ups')).rows;

    it('chooses, then waits in the group of the option and comes to its agent', async () => {
      const alice = await world.agent('Alice', ['service']);
      const { callId } = await begin();
      assert.deepEqual((await callOf(callId)).state, 'choosing');
      assert.deepEqual(await world.match(), []);
      await answer(callId, 'm', 'fault');
      const call = await callOf(callId);
      assert.deepEqual([call.state, call.group_id, call.priority], ['queued', 'service', 2]);
      assert.equal((await world.offerOf(callId)).agent_id, alice.id);
      const events = await world.events(callId);
      assert.deepEqual(events, ['created', 'choosing', 'flow-answered', 'queued', 'offered']);
      const scope = { siteId: 'shop', groups: null, agentId: null };
      const record = await readCallRecord(test.db, scope, callId);
      assert.deepEqual(
        record?.flow?.answers.map(({ step, answer }) => [step?.['en'], answer?.['en']]),
        [['What is it about?', 'Report a fault']],
      );
      await assertSound(test.db);
    });

    it('is in the queue at once if the flow leads straight there', async () => {
      await world.agent('Alice');
      const { callId } = await begin('straight');
      assert.equal((await callOf(callId)).state, 'queued');
      assert.deepEqual(await world.events(callId), ['created', 'queued']);
    });

    it('is recorded as the queue step says, else as the group, else as the site', async () => {
      const recorded = async (step: 'off' | 'always' | null, group: 'off' | 'always' | null) => {
        const queue = { ...straight['q'], ...(step && { recording: step }) } as FlowStep;
        await publish(test.db, 'recorded', flow({ ...straight, q: queue }));
        const rule = group && { mode: group, askFirst: false };
        await test.db.query('update skill_groups set recording = $1', [rule]);
        const alice = await world.agent(`Alice of ${step} and ${group}`);
        const { callId, connectionId, resumeHash } = await begin('recorded');
        await world.connected({ callId, connection: connectionId, resumeHash }, alice);
        const { rowCount } = await test.db.query('select from recordings where call_id = $1', [
          callId,
        ]);
        return rowCount === 1;
      };
      await test.db.query(`update sites set recording = recording || '{"mode": "always"}'`);
      assert.equal(await recorded(null, null), true);
      assert.equal(await recorded(null, 'off'), false);
      assert.equal(await recorded('always', 'off'), true);
      assert.equal(await recorded('off', 'always'), false);
    });

    it('leaves by `nobody` if the group has no agent, and by `full` if the queue is full', async () => {
      const nobody = await begin('straight');
      assert.equal((await callOf(nobody.callId)).node, 'l');
      await test.db.query(
        `update calls set state = 'ended', ended_at = now(), ended_reason = 'abandoned' where id = $1`,
        [nobody.callId],
      );
      await world.agent('Alice');
      await test.db.query('update sites set queue_limit = 1');
      await begin('straight');
      const full = await begin('straight');
      assert.deepEqual(
        [(await callOf(full.callId)).state, (await callOf(full.callId)).node],
        ['choosing', 'l'],
      );
    });

    it('waits for agents if the step says so', async () => {
      const q = { ...straight['q'], waitForAgents: true } as FlowStep;
      await publish(test.db, 'patient', flow({ ...straight, q }));
      const { callId } = await begin('patient');
      assert.equal((await callOf(callId)).state, 'queued');
    });

    it('leaves by `nobody` if the group is closed', async () => {
      await world.agent('Alice');
      await test.db.query(
        `insert into hours (site_id, id, name, schedule)
         values ('shop', 'never', 'Never', '{"timeZone": null, "open": [], "exceptions": []}')`,
      );
      await test.db.query(`update skill_groups set hours = 'never'`);
      const { callId } = await begin('straight');
      assert.equal((await callOf(callId)).node, 'l');
    });

    it('keeps a message, ends, and tells so', async () => {
      const { callId } = await begin('straight');
      await answer(callId, 'l', { contact: 'mei@shop.test', text: 'No power' });
      const kept = {
        kind: 'message',
        group_id: 'sales',
        contact: 'mei@shop.test',
        text: 'No power',
      };
      assert.deepEqual(await followUps(), [kept]);
      assert.equal((await callOf(callId)).ended_reason, 'message-left');
      await assertSound(test.db);
    });

    it('goes on with the version with which it began', async () => {
      await world.agent('Alice', ['service']);
      const { callId } = await begin();
      const { m, ...rest } = contractFlow.nodes;
      const other = { ...rest, m: { ...m, next: { product: 'q2', fault: 'q1' } } as FlowStep };
      assert.equal((await publish(test.db, 'help', flow(other))).outcome, 'published');
      await answer(callId, 'm', 'fault');
      assert.equal((await callOf(callId)).state, 'queued');
      const next = await begin();
      await answer(next.callId, 'm', 'fault');
      assert.equal((await callOf(next.callId)).node, 'l');
    });

    it('takes an answer only for the step at which it stands', async () => {
      await world.agent('Alice', ['service']);
      const { callId } = await begin();
      await assert.rejects(answer(callId, 'l', 'skipped'), { code: 'flow-changed' });
      await assert.rejects(answer(callId, 'm', 'other'), { code: 'invalid-params' });
      const two = await Promise.allSettled([
        answer(callId, 'm', 'fault'),
        answer(callId, 'm', 'fault'),
      ]);
      assert.deepEqual(two.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      await assert.rejects(answer(callId, 'q2', 'next'), { code: 'flow-changed' });
    });

    it('is the same call for the same resume token', async () => {
      const { callId, resumeHash, connectionId } = await begin();
      const again = await begin('help', { resumeHash, connectionId });
      assert.deepEqual([again.callId, again.created], [callId, false]);
      const both = await Promise.all(
        [1, 2].map(() => begin('help', { resumeHash: Buffer.alloc(32, 7) })),
      );
      assert.equal(both[0]?.callId, both[1]?.callId);
    });

    it('is held to the limits of an address, the check of visitors, and the number of choosing calls', async () => {
      const addressHash = 5n;
      await test.db.query('update sites set calls_per_address = 1');
      await begin('help', { addressHash });
      await assert.rejects(begin('help', { addressHash }), { code: 'rate-limited' });
      await test.db.query('update sites set calls_per_address = 9, calls_per_address_per_day = 1');
      await assert.rejects(begin('help', { addressHash }), { code: 'rate-limited' });
      await test.db.query('update sites set queue_limit = 1');
      await assert.rejects(begin(), { code: 'queue-full' });
      await test.db.query(`update sites set queue_limit = 9, visitor_check = 'identity'`);
      await assert.rejects(begin(), { code: 'invalid-identity' });
      await begin('help', { externalId: 'u1' });
      await test.db.query(`update sites set visitor_check = 'challenge', challenge = '{}'`);
      await assert.rejects(begin(), { code: 'challenge-required' });
      await begin('help', { challengePassed: true });
      await assert.rejects(begin('nothing'), { code: 'unknown-skill' });
    });

    it('ends when its visitor is gone for too long, or gives no answer for long', async () => {
      const gone = await begin();
      const idle = await begin();
      await closeConnection(test.db, gone.connectionId);
      await world.shift('calls', gone.callId, 'visitor_gone_at', 61);
      await world.shift('calls', idle.callId, 'flow_deadline', 1_801);
      await world.sweep();
      assert.equal((await callOf(gone.callId)).ended_reason, 'abandoned');
      assert.equal((await callOf(idle.callId)).ended_reason, 'abandoned');
      await assertSound(test.db);
    });

    it('leaves a queue by `timeout`, keeps its group, and may ask for a callback', async () => {
      const alice = await world.agent('Alice', ['service']);
      await test.db.query(`update agents set status = 'available'`);
      const { callId } = await begin();
      await answer(callId, 'm', 'fault');
      await world.shift('calls', callId, 'flow_deadline', 3_601);
      await world.sweep();
      assert.deepEqual(
        [(await callOf(callId)).state, (await callOf(callId)).node],
        ['choosing', 'c'],
      );
      assert.deepEqual(await world.match(), []);
      await answer(callId, 'c', { contact: '+49 30 1', text: '' });
      assert.equal((await callOf(callId)).ended_reason, 'callback-requested');
      assert.deepEqual(await followUps(), [
        { kind: 'callback', group_id: 'service', contact: '+49 30 1', text: '' },
      ]);
      assert.equal(await world.activeLeg(alice.id), null);
      await assertSound(test.db);
    });

    it('is not taken from an agent to whom it is offered when its time in the queue is over', async () => {
      await world.agent('Alice', ['service']);
      const { callId } = await begin();
      await answer(callId, 'm', 'fault');
      await world.offerOf(callId);
      await world.shift('calls', callId, 'flow_deadline', 3_601);
      await world.sweep();
      assert.equal((await callOf(callId)).state, 'offered');
    });

    it('does not wait before those who came to the queue while it chose', async () => {
      const { callId } = await begin();
      await world.shift('calls', callId, 'requested_at', 600);
      const waiting = await world.visitor({ skill: 'service', priority: 2 });
      await world.agent('Alice', ['service']);
      await answer(callId, 'm', 'fault');
      assert.equal((await world.match())[0]?.call_id, waiting.callId);
    });

    it('keeps its versions unchanged', async () => {
      await assert.rejects(test.db.query(`update flow_versions set author = 'somebody'`));
    });
  });
});
