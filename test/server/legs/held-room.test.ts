import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { leaveRoom } from '../../../src/server/rooms/leave-room.ts';
import { startWithoutTrtc } from '../../../src/server/tencent/start-without-trtc.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { CallWorld, type LegRow, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';

const media = { trtc: true, confirmedByCallback: true };

describe('the room that an offer holds at TRTC', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    let visitor: TestVisitor;
    let offer: LegRow;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
      visitor = await world.visitor();
      offer = await world.offerOf(visitor.callId, media);
    });

    const rooms = async () => {
      const { rows } = await test.db.query<{
        number: number;
        provider: string;
        participant: string;
      }>(
        `select r.number, r.provider, p.id as participant from rooms r join participants p on p.room = r.number`,
      );
      return rows;
    };
    const outbox = async () => (await test.db.query('select from outbox', [])).rowCount;
    const accept = (withMedia = media) =>
      acceptOffer(test.db, {
        ...{ legId: offer.id, agentId: alice.id, connectionId: alice.tab },
        media: withMedia,
      });

    it('is one room with the agent alone, and the call does not have it yet', async () => {
      const [held, ...others] = await rooms();
      assert.equal(held?.provider, 'trtc');
      assert.deepEqual(others, []);
      assert.equal((await world.call(visitor.callId)).room, null);
      await assertSound(test.db);
    });

    it('becomes the call’s room with the accept, with the same participant', async () => {
      const [held] = await rooms();
      const { room, participant, entered } = await accept();
      assert.deepEqual([room, participant, entered], [held?.number, held?.participant, false]);
      assert.equal((await world.call(visitor.callId)).room, room);
      assert.equal((await rooms()).length, 1);
      await assertSound(test.db);
    });

    it('cannot be entered or given other media before the accept', async () => {
      const [held] = await rooms();
      assert.ok(held);
      const { number: room, participant } = held;
      await assert.rejects(
        enterRoom(test.db, { room, participant, connectionId: alice.tab }),
        withCode('conflict'),
      );
      await assert.rejects(fallBack(test.db, { room, participant }), withCode('conflict'));
      assert.deepEqual(await rooms(), [held]);
      assert.equal((await world.call(visitor.callId)).state, 'offered');
    });

    const ends: Readonly<Record<string, () => Promise<unknown>>> = {
      'is declined': () => declineOffer(test.db, { legId: offer.id, agentId: alice.id }),
      'is missed': async () => {
        await world.shift('legs', offer.id, 'deadline', 60);
        await world.sweep();
      },
      'is withdrawn from an agent on a break': () =>
        setStatus(test.db, { agentId: alice.id, status: 'break' }),
      'ends with the visitor’s call': () =>
        endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } }),
    };
    for (const [how, end] of Object.entries(ends)) {
      it(`is deleted if the offer ${how}, and nothing is told to TRTC`, async () => {
        await end();
        assert.notEqual((await world.leg(offer.id)).state, 'offered');
        assert.deepEqual(await rooms(), []);
        assert.equal(await outbox(), 0);
        await assertSound(test.db);
      });
    }

    it('is another one for the next agent', async () => {
      const bob = await world.agent('Bob');
      const [first] = await rooms();
      await declineOffer(test.db, { legId: offer.id, agentId: alice.id });
      const next = await world.offerOf(visitor.callId, media);
      assert.equal(next.agent_id, bob.id);
      const [second, ...others] = await rooms();
      assert.notEqual(second?.number, first?.number);
      assert.deepEqual(others, []);
    });

    it('is replaced by the accept if the agent has left it', async () => {
      const [held] = await rooms();
      assert.ok(held);
      await leaveRoom(test.db, { room: held.number, participant: held.participant });
      const { room } = await accept();
      assert.notEqual(room, held.number);
      assert.deepEqual(
        (await rooms()).map(({ number }) => number),
        [room],
      );
      await assertSound(test.db);
    });

    it('is gone after a start without TRTC, and the accept makes a room of the built-in media', async () => {
      await startWithoutTrtc(test.db, { warn: () => assert.fail('no room was in use') });
      assert.deepEqual(await rooms(), []);
      await accept({ trtc: false, confirmedByCallback: false });
      assert.equal((await rooms())[0]?.provider, 'mesh');
      await assertSound(test.db);
    });

    it('is not made if the site chose the built-in media', async () => {
      await declineOffer(test.db, { legId: offer.id, agentId: alice.id });
      await test.db.query(`update sites set media = 'mesh'`, []);
      await world.agent('Bob');
      await world.offerOf(visitor.callId, media);
      assert.deepEqual(await rooms(), []);
    });
  });
});
