import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { assertSound } from '../calls/sound-state.ts';

const CALLS = 12;

/** For each operation the code of its refusal, or null. */
async function codes(operations: readonly Promise<unknown>[]): Promise<(string | null)[]> {
  const results = await Promise.allSettled(operations);
  return results.map((result) =>
    result.status === 'rejected' ? (result.reason as RtcDeskError).code : null,
  );
}

const GOOD = Array.from({ length: CALLS }, () => null);

describe('many calls at the same time', () => {
  onBothDatabases((test) => {
    it('go on independently, and a refusal of one harms no other', async () => {
      const world = await CallWorld.make(test.db, test.nodeId);
      const agents: TestAgent[] = [];
      for (let i = 0; i < CALLS; i += 1) agents.push(await world.agent(`agent-${i}`));
      const visitors = await Promise.all(
        Array.from({ length: CALLS }, (_, i) => world.visitor({ name: `visitor-${i}` })),
      );
      const request = { siteId: 'shop', name: 'Mei', resumeHash: Buffer.alloc(32) };
      assert.deepEqual(
        await codes([
          requestCall(test.db, { ...request, siteId: 'nobody' }),
          requestCall(test.db, { ...request, resumeHash: Buffer.alloc(32, 1), skill: 'none' }),
          requestCall(test.db, {
            ...request,
            resumeHash: Buffer.alloc(32, 2),
            connectionId: randomUUID(),
          }),
        ]),
        ['unknown-site', 'unknown-skill', 'conflict'],
      );

      const offers = await world.match();
      assert.equal(offers.length, CALLS);
      const tabOf = (agentId: string) =>
        agents.find(({ id }) => id === agentId)?.tab ?? randomUUID();
      const accept = (legId: string, agentId: string) =>
        acceptOffer(test.db, { legId, agentId, connectionId: tabOf(agentId) });
      // Besides the twelve, a leg that does not exist.
      const unknown = accept(randomUUID(), randomUUID());
      const accepting = offers.map(({ id, agent_id }) => accept(id, agent_id));
      assert.deepEqual(await codes([unknown, ...accepting]), ['conflict', ...GOOD]);
      const accepted = await Promise.all(accepting);
      for (const [i, { callId, legId, room }] of accepted.entries()) {
        assert.deepEqual([callId, legId], [offers[i]?.call_id, offers[i]?.id]);
        const call = await world.call(callId);
        assert.deepEqual([call.owner_leg_id, call.room], [legId, room]);
      }

      const enter = (people: readonly (readonly [number, string, string])[]) =>
        codes(
          people.map(([room, participant, connectionId]) =>
            enterRoom(test.db, { room, participant, connectionId }),
          ),
        );
      const agentsInside = accepted.map(
        ({ room, participant }, i) => [room, participant, tabOf(offers[i]!.agent_id)] as const,
      );
      assert.deepEqual(await enter([[1, 'nobody', randomUUID()], ...agentsInside]), [
        'conflict',
        ...GOOD,
      ]);
      const visitorsInside = await Promise.all(
        accepted.map(async ({ callId, room }) => {
          const visitor = visitors.find((one) => one.callId === callId);
          return [room, await world.visitorParticipant(room), visitor?.connection ?? ''] as const;
        }),
      );
      assert.deepEqual(await enter(visitorsInside), GOOD);

      const ends = visitors.map(({ callId }, i) => ({
        callId,
        by:
          i % 2 === 0
            ? ({ role: 'visitor' } as const)
            : ({ role: 'agent', agentId: randomUUID() } as const),
      }));
      assert.deepEqual(
        await Promise.all(ends.map((end) => endCall(test.db, end))),
        visitors.map((_, i) => i % 2 === 0),
      );
      for (const [i, { callId }] of visitors.entries()) {
        assert.equal((await world.call(callId)).state, i % 2 === 0 ? 'ended' : 'connected');
      }
      await assertSound(test.db);
    });
  });
});
