import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { readPastCall, readVisitorHistory } from '../../../src/server/history/past-calls.ts';
import { readPastMessages, readPastPicture } from '../../../src/server/history/past-messages.ts';
import { picturePart } from '../../../src/server/history/picture-part.ts';
import { saveNote } from '../../../src/server/wrap-up/save-note.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

describe('what agents read of past calls', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    let bob: TestAgent;
    /** A past call of `C-1` with Alice. */
    let past: string;

    /** A call with an agent; it ends and is wrapped up. */
    const takeCall = async (agent: TestAgent, request: { externalId?: string; skill?: string }) => {
      const visitor = await world.visitor({ name: 'Mei', ...request });
      const { legId } = await world.connected(visitor, agent);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'agent', agentId: agent.id } });
      await finishWrapUp(test.db, { legId, agentId: agent.id });
      return visitor.callId;
    };
    const history = async (agent: TestAgent, callId: string) =>
      (await readVisitorHistory(test.db, { callId, agentId: agent.id })).map(({ id }) => id);
    const available = async (...agents: TestAgent[]) => {
      await test.db.query(
        `update agents set status = case when id = any ($1::uuid[]) then 'available' else 'break' end`,
        [agents.map(({ id }) => id)],
      );
    };

    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice', ['sales', 'service']);
      past = await takeCall(alice, { externalId: 'C-1' });
      bob = await world.agent('Bob');
      await available(bob);
    });

    it('an agent to whom a call of a verified visitor is offered reads that visitor’s calls in own groups', async () => {
      await available(alice);
      const elsewhere = await takeCall(alice, { externalId: 'C-1', skill: 'service' });
      await available(bob);
      await saveNote(test.db, { callId: past, agentId: alice.id, text: 'A new fuse' });
      const now = await world.visitor({ externalId: 'C-1' });
      await world.offerOf(now.callId);
      assert.deepEqual(await history(bob, now.callId), [past]);
      const call = await readPastCall(test.db, { callId: past, agentId: bob.id });
      assert.equal(call.agent, 'Alice');
      assert.deepEqual([call.params, call.paramWords], [{}, {}]);
      assert.deepEqual(
        call.notes.map(({ agent, text }) => [agent, text]),
        [['Alice', 'A new fuse']],
      );
      assert.deepEqual(
        await readPastMessages(test.db, { callId: past, agentId: bob.id, after: 0 }),
        [],
      );
      await assert.rejects(
        readPastCall(test.db, { callId: elsewhere, agentId: bob.id }),
        withCode('forbidden'),
      );
    });

    it('the history is closed again when the agent no longer has the visitor', async () => {
      const now = await takeCall(bob, { externalId: 'C-1' });
      const asked = { callId: past, agentId: bob.id };
      await assert.rejects(history(bob, now), withCode('forbidden'));
      await assert.rejects(readPastCall(test.db, asked), withCode('forbidden'));
      await assert.rejects(
        readPastMessages(test.db, { ...asked, after: 0 }),
        withCode('forbidden'),
      );
      await assert.rejects(
        readPastPicture(test.db, { ...asked, pictureId: randomUUID() }),
        withCode('forbidden'),
      );
    });

    it('a visitor of the same name without an identity has no history, and opens none', async () => {
      const now = await world.visitor({ name: 'Mei' });
      await world.offerOf(now.callId);
      assert.deepEqual(await history(bob, now.callId), []);
      await assert.rejects(
        readPastCall(test.db, { callId: past, agentId: bob.id }),
        withCode('forbidden'),
      );
    });

    it('a colleague and an agent without this call read nothing', async () => {
      const now = await world.visitor({ externalId: 'C-1' });
      await world.offerOf(now.callId);
      const carol = await world.agent('Carol');
      await assert.rejects(history(carol, now.callId), withCode('forbidden'));
      await assert.rejects(
        readPastCall(test.db, { callId: past, agentId: carol.id }),
        withCode('forbidden'),
      );
    });

    it('an agent reads their own past calls, also those of visitors without an identity', async () => {
      const own = await takeCall(bob, {});
      assert.equal(
        (await readPastCall(test.db, { callId: own, agentId: bob.id })).reason,
        'agent-ended',
      );
    });
  });
});

it('a picture is cut into parts that make up the whole', () => {
  const picture = Buffer.alloc(200_000, 'picture');
  const parts: Buffer[] = [];
  for (let offset = 0; offset < picture.length; offset = Buffer.concat(parts).length) {
    const { data, total } = picturePart(picture, offset);
    assert.equal(total, picture.length);
    parts.push(Buffer.from(data, 'base64'));
  }
  assert.ok(parts.length > 1);
  assert.deepEqual(Buffer.concat(parts), picture);
});
