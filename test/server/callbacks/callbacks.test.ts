import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { agreeToCallback } from '../../../src/server/callbacks/agree-to-callback.ts';
import { cancelCallback } from '../../../src/server/callbacks/cancel-callback.ts';
import { readOwnCallback } from '../../../src/server/callbacks/own-callback.ts';
import { isHandedOver } from '../../../src/server/hand-overs/is-handed-over.ts';
import { takeHandOver } from '../../../src/server/hand-overs/take-hand-over.ts';
import { hashOneTimeCode } from '../../../src/server/identity/one-time-code.ts';
import { withCode } from '../../support/error-code.ts';
import { resumeCall } from '../../../src/server/calls/resume-call.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { readSubjectCalls } from '../../../src/server/retention/subject-calls.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { onBothDatabases } from '../../support/databases.ts';
import type { TestAgent } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';
import { CallbackWorld } from './callback-world.ts';

describe('a callback', () => {
  onBothDatabases((test) => {
    let world: CallbackWorld;
    let alice: TestAgent;
    beforeEach(async () => {
      world = await CallbackWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
    });
    const state = async (id: string) => (await world.callback(id)).state;
    /** The agent is in the room, and nobody comes in time. */
    const missed = async (id: string) => {
      const callId = await world.answered(id, alice);
      await world.shift('calls', callId, 'enter_by', 120);
      await world.sweep();
      await test.db.query(`update legs set state = 'closed', closed_at = now(), wrap_up_until = null
                            where state = 'left'`);
    };
    const nextAttempt = (id: string) => world.shift('callbacks', id, 'next_at', 601);
    /** The visitor's entry into the room of this call. */
    const entering = async (callId: string) => {
      const connectionId = await world.visitorSocket(callId);
      const { room } = await world.call(callId);
      const participant = await world.visitorParticipant(room ?? 0);
      return { room: room ?? 0, participant, connectionId };
    };
    const handledBy = async (id: string) => {
      const { rows } = await test.db.query<{ handled_by: string | null }>(
        'select handled_by from follow_ups where id = $1',
        [id],
      );
      return rows[0]?.handled_by;
    };

    it('is no longer opened by its code once the call was handed over to another device', async () => {
      const id = await world.left('back');
      await world.sweep();
      const callId = await world.answered(id, alice);
      const token = { siteId: 'shop', resumeHash: randomBytes(32), callbackId: id };
      assert.equal((await resumeCall(test.db, token))?.callId, callId);
      assert.equal(await isHandedOver(test.db, token), false);
      const phone = randomBytes(32);
      await test.db.query(
        `update calls set hand_over_hash = $2, hand_over_until = now() + interval '1 minute' where id = $1`,
        [callId, hashOneTimeCode('code')],
      );
      await takeHandOver(test.db, { siteId: 'shop', code: 'code', resumeHash: phone });
      assert.equal(await resumeCall(test.db, token), null);
      assert.equal(await isHandedOver(test.db, token), true);
      const there = await resumeCall(test.db, { siteId: 'shop', resumeHash: phone });
      assert.equal(there?.callId, callId);
      assert.equal((await world.events(callId)).at(-1), 'handed-over');
    });

    it('takes over what its visitor agreed to, and lets them agree before they enter', async () => {
      const read = async (id: string) => (await readOwnCallback(test.db, id)).consent;
      const id = await world.left('back');
      await test.db.query(
        `update sites set consent = '{"text": {"en": "By video."}, "link": null}'`,
      );
      const asked = await read(id);
      assert.deepEqual(asked?.text, { en: 'By video.' });
      await assert.rejects(agreeToCallback(test.db, id, asked.version), withCode('conflict'));
      await world.sweep();
      const callId = await world.answered(id, alice);
      await assert.rejects(agreeToCallback(test.db, id, 'a'.repeat(64)), withCode('conflict'));
      const enter = await entering(callId);
      await assert.rejects(enterRoom(test.db, enter), withCode('consent-required'));
      assert.equal((await world.callOf(id)).state, 'ready');
      await agreeToCallback(test.db, id, asked.version);
      assert.equal(await read(id), null);
      assert.equal((await world.events(callId)).at(-1), 'consent-agreed');
      await assertSound(test.db);
      // The next attempt knows of it.
      await world.shift('calls', callId, 'enter_by', 120);
      await world.sweep();
      await test.db.query(`update legs set state = 'closed', closed_at = now(), wrap_up_until = null
                            where state = 'left'`);
      await nextAttempt(id);
      await world.sweep();
      const next = await world.callOf(id);
      assert.notEqual(next.id, callId);
      assert.deepEqual(await world.events(next.id), ['created', 'queued', 'consent-agreed']);
      const { rows } = await test.db.query<{ remembered: boolean }>(
        'select remembered from call_consents where call_id = $1',
        [next.id],
      );
      assert.deepEqual(rows, [{ remembered: true }]);
      // What was agreed to before lets the visitor in.
      assert.equal(await world.answered(id, alice), next.id);
      await enterRoom(test.db, await entering(next.id));
      assert.equal(await state(id), 'reached');
      await assertSound(test.db);
    });

    it('is offered to an agent when its turn has come, and reaches the visitor after the agent', async () => {
      const id = await world.left('back', { secondsAgo: 300 });
      assert.equal(await state(id), 'waiting');
      await world.sweep();
      assert.equal(await state(id), 'due');
      const call = await world.callOf(id);
      assert.equal(call.state, 'queued');

      // The visitor need not be connected while the call waits for an agent.
      await world.shift('calls', call.id, 'visitor_gone_at', 600);
      await world.sweep();
      await world.offerOf(call.id);
      assert.equal(await state(id), 'offering');
      await world.sweep();

      await world.answered(id, alice);
      assert.equal(await state(id), 'calling');
      await world.shift('calls', call.id, 'enter_by', 61);
      await world.sweep();
      assert.equal((await world.callOf(id)).state, 'ready');

      const resumed = await resumeCall(test.db, {
        siteId: 'shop',
        resumeHash: Buffer.alloc(32),
        callbackId: id,
      });
      assert.equal(resumed?.callId, call.id);
      const connectionId = await world.visitorSocket(call.id);
      const { room, participant } = resumed;
      await enterRoom(test.db, { room: room ?? 0, participant: participant ?? '', connectionId });
      assert.equal(await state(id), 'reached');
      assert.equal((await world.callOf(id)).state, 'connected');
      assert.equal(await handledBy(id), 'agent Alice');
      await assertSound(test.db);
    });

    it('keeps the place of the first press', async () => {
      const id = await world.left('back', { secondsAgo: 300 });
      const later = await world.visitor();
      await world.shift('calls', later.callId, 'requested_at', 100);
      await world.sweep();
      const [first] = await world.match();
      assert.equal(first?.call_id, (await world.callOf(id)).id);
    });

    it('waits while as many calls are before it as agents are at work', async () => {
      const id = await world.left('back', { secondsAgo: 100 });
      const before = await world.visitor();
      await world.shift('calls', before.callId, 'requested_at', 200);
      await world.sweep();
      assert.equal(await state(id), 'waiting');
      await world.connected(before, alice);
      await world.sweep();
      assert.equal(await state(id), 'due');
    });

    it('waits for the opening hours, and for an agent', async () => {
      await test.db.query(
        `insert into hours (site_id, id, name, schedule)
         values ('shop', 'closed', 'Closed', '{"timeZone": null, "open": [], "exceptions": []}')`,
      );
      await test.db.query(`update skill_groups set hours = 'closed' where id = 'sales'`);
      const id = await world.left('back');
      await world.sweep();
      assert.equal(await state(id), 'waiting');
      await test.db.query(`update skill_groups set hours = null where id = 'sales'`);
      await test.db.query(`update agents set status = 'break'`);
      await world.sweep();
      assert.equal(await state(id), 'waiting');
      await test.db.query(`update agents set status = 'available'`);
      await world.sweep();
      assert.equal(await state(id), 'due');
    });

    it('makes 3 attempts, 10 minutes apart, and frees the agent after each', async () => {
      const id = await world.left('back');
      for (const attempt of [1, 2]) {
        await world.sweep();
        await missed(id);
        assert.deepEqual(await world.callback(id), { state: 'waiting', attempts: attempt });
        assert.equal((await world.callOf(id)).ended_reason, 'no-answer');
        assert.equal(await world.activeLeg(alice.id), null);
        await world.shift('callbacks', id, 'next_at', 540);
        await world.sweep();
        assert.equal(await state(id), 'waiting');
        await world.shift('callbacks', id, 'next_at', 61);
      }
      await world.sweep();
      await missed(id);
      assert.deepEqual(await world.callback(id), { state: 'no-answer', attempts: 3 });
      await nextAttempt(id);
      await world.sweep();
      assert.equal(await state(id), 'no-answer');
      // Somebody still has to answer.
      assert.equal(await handledBy(id), null);
    });

    it('is due again where the agent does not take it, with the same call', async () => {
      const id = await world.left('back');
      await world.sweep();
      const { id: callId } = await world.callOf(id);
      const leg = await world.offerOf(callId);
      await world.shift('legs', leg.id, 'deadline', 600);
      await world.sweep();
      assert.deepEqual(await world.callback(id), { state: 'due', attempts: 0 });
      assert.equal((await world.callOf(id)).id, callId);
    });

    it('is cancelled by its visitor at any moment before the conversation', async () => {
      const waiting = await world.left('back');
      await cancelCallback(test.db, waiting);
      await world.sweep();
      assert.equal(await state(waiting), 'cancelled');
      assert.equal(await handledBy(waiting), 'visitor');

      const calling = await world.left('back');
      await world.sweep();
      await world.answered(calling, alice);
      await cancelCallback(test.db, calling);
      assert.equal(await state(calling), 'cancelled');
      assert.equal((await world.callOf(calling)).ended_reason, 'cancelled');
      assert.equal(await world.activeLeg(alice.id), null);
    });

    it('is cancelled where the visitor ends its call while an agent is looked for', async () => {
      const id = await world.left('back');
      await world.sweep();
      const { id: callId } = await world.callOf(id);
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      assert.equal(await state(id), 'cancelled');
    });

    it('is not cancelled any more once the visitor was reached', async () => {
      const id = await world.left('back');
      await world.sweep();
      const callId = await world.answered(id, alice);
      await enterRoom(test.db, await entering(callId));
      await cancelCallback(test.db, id);
      assert.equal(await state(id), 'reached');
      assert.equal((await world.call(callId)).state, 'connected');
    });

    it('is an attempt where the agent gives up', async () => {
      const id = await world.left('back');
      await world.sweep();
      const callId = await world.answered(id, alice);
      await endCall(test.db, { callId, by: { role: 'agent', agentId: alice.id } });
      assert.deepEqual(await world.callback(id), { state: 'waiting', attempts: 1 });
    });

    it('expires after 7 days, with its call', async () => {
      const waiting = await world.left('back');
      const due = await world.left('back', { secondsAgo: 300 });
      await world.sweep();
      assert.deepEqual([await state(due), await state(waiting)], ['due', 'waiting']);
      for (const id of [waiting, due]) {
        await world.shift('callbacks', id, 'expires_at', 7 * 24 * 3_600);
      }
      await world.sweep();
      assert.deepEqual([await state(due), await state(waiting)], ['expired', 'expired']);
      assert.equal((await world.callOf(due)).state, 'ended');
    });

    it('has one live call however many nodes begin it', async () => {
      const id = await world.left('back');
      const other = await test.another();
      const another = new CallbackWorld(other, randomUUID());
      await Promise.all([world.sweep(), another.sweep()]);
      const { rows } = await test.db.query('select id from calls where callback_id = $1', [id]);
      assert.equal(rows.length, 1);
    });

    it('opens nothing of another site, and nothing by another id', async () => {
      const id = await world.left('back');
      await world.sweep();
      await test.db.query(`insert into sites (id, name) values ('other', 'Other')`);
      const resumeHash = Buffer.alloc(32);
      const open = (siteId: string, callbackId: string | null) =>
        resumeCall(test.db, { siteId, resumeHash, callbackId });
      assert.equal(await open('other', id), null);
      assert.equal(await open('shop', randomUUID()), null);
      assert.equal(await open('shop', null), null);
    });

    it('counts as no abandoned call and as no wait of a group', async () => {
      const id = await world.left('back', { secondsAgo: 300 });
      await world.sweep();
      await missed(id);
      const { rows } = await test.db.query<{ abandoned: boolean }>(
        'select is_abandoned(c) as abandoned from calls c where c.callback_id = $1',
        [id],
      );
      assert.deepEqual(rows, [{ abandoned: false }]);
    });

    it('is erased with the call in which it was asked for, and so are its own calls', async () => {
      const id = await world.left('back');
      await world.sweep();
      await missed(id);
      const { rows } = await test.db.query<{ call_id: string }>(
        'select call_id from follow_ups where id = $1',
        [id],
      );
      const subject = rows[0]?.call_id ?? '';
      const calls = await readSubjectCalls(test.db, { siteId: 'shop', kind: 'call', subject });
      assert.deepEqual(
        calls.map((call) => call.id),
        [(await world.callOf(id)).id, subject],
      );
    });

    it('goes with the call in which it was asked for', async () => {
      const id = await world.left('back');
      await world.sweep();
      await missed(id);
      await test.db.query(`set rtc_desk.retention = 'on'`);
      await test.db.query(
        'delete from calls where id = (select call_id from follow_ups where id = $1)',
        [id],
      );
      const { rows } = await test.db.query('select id from callbacks', []);
      assert.deepEqual(rows, []);
    });
  });
});
