import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { CallRequest } from '../../../src/server/calls/request-call.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestVisitor } from '../calls/call-world.ts';

describe('a visitor whose socket goes soon after the request', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });

    /** The visitor was there for `stayed` seconds after the request, and is gone for `gone` seconds. */
    async function leave({ callId, connection }: TestVisitor, stayed: number, gone: number) {
      await closeConnection(test.db, connection);
      await world.shift('calls', callId, 'requested_at', stayed + gone);
      await world.shift('calls', callId, 'visitor_gone_at', gone);
    }
    const left = async (stayed: number, gone: number, request: Partial<CallRequest> = {}) => {
      const visitor = await world.visitor(request);
      await leave(visitor, stayed, gone);
      return visitor.callId;
    };
    const reason = async (callId: string) => (await world.call(callId)).ended_reason;

    it('keeps the place for 15 s, and for 60 s after 10 s in the queue or with a signed identity', async () => {
      const calls = [
        await left(9, 13),
        await left(9, 16),
        await left(11, 16),
        await left(11, 58),
        await left(11, 61),
        await left(0, 58, { externalId: 'c-1' }),
        await left(0, 61, { externalId: 'c-2' }),
      ];
      await world.sweep();
      assert.deepEqual(await Promise.all(calls.map(reason)), [
        null,
        'abandoned',
        null,
        null,
        'abandoned',
        null,
        'abandoned',
      ]);
    });

    it('counts the same for a call that was offered or accepted, and not for one that has its agent', async () => {
      const agents = [
        await world.agent('A'),
        await world.agent('B'),
        await world.agent('C'),
      ] as const;
      const [accepted, ready, connected] = [
        await world.visitor(),
        await world.visitor(),
        await world.visitor(),
      ];
      await world.connected(connected, agents[2]);
      await world.ready(ready, agents[1]);
      await world.accepted(accepted, agents[0]);
      for (const visitor of [accepted, ready, connected]) await leave(visitor, 1, 20);
      await world.sweep();
      assert.equal(await reason(accepted.callId), 'abandoned');
      assert.deepEqual([await reason(ready.callId), await reason(connected.callId)], [null, null]);
    });
  });
});
