import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { callInState } from '../../support/call-in-state.ts';
import { withCode } from '../../support/error-code.ts';
import { makeSite, ticketOf } from '../../support/signaling-server.ts';

const kept = async (db: Database, callId: string) => {
  const { rows } = await db.query<{ kind: string; in_place: boolean }>(
    `select f.kind, c.requested_at < now() - interval '9 minutes' as in_place
       from follow_ups f join callbacks b on b.id = f.id join calls c on c.id = f.call_id where f.call_id = $1`,
    [callId],
  );
  return rows;
};

onBothStores((bench) => {
  for (const by of ['visitor', 'agent'] as const) {
    test(`the ${by} gives a call up for a callback, both are told, and the callback has the place of the press`, async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, callId } = await callInState(url, site, 'connected');
      await database.query(
        `update calls set requested_at = requested_at - interval '10 minutes' where id = $1`,
        [callId],
      );
      if (by === 'visitor') {
        await visitor.command({ type: 'end-with-callback', ...(await ticketOf(visitor)) });
      } else {
        await desk.command({ type: 'end-with-callback', ...(await ticketOf(desk)) });
      }
      await visitor.waitFor(({ call }) => call?.ended?.reason === 'callback-requested');
      assert.match(visitor.view.call?.ended?.code ?? '', /^[\w-]{43}$/);
      await desk.waitFor(({ legs }) =>
        legs.every((leg) => leg.call.ended?.reason === 'callback-requested'),
      );
      assert.deepEqual(await kept(database, callId), [{ kind: 'callback', in_place: true }]);
      const { rows } = await database.query<{ type: string; actor: string }>(
        'select type, actor from call_events where call_id = $1 order by sequence desc limit 2',
        [callId],
      );
      assert.deepEqual(rows, [
        { type: 'ended', actor: by },
        { type: 'callback-requested', actor: by },
      ]);
      await Promise.all([visitor.close(), desk.close()]);
    });
  }

  test('a call that is not connected is not given up, and nothing is kept of the attempt', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, callId } = await callInState(url, site, 'ready');
    const [own, theirs] = [await ticketOf(visitor), await ticketOf(desk)];
    const attempts = [
      visitor.command({ type: 'end-with-callback', ...own }),
      desk.command({ type: 'end-with-callback', ...theirs }),
    ];
    await Promise.all(attempts.map((attempt) => assert.rejects(attempt, withCode('conflict'))));
    assert.deepEqual(await kept(database, callId), []);
    assert.equal(visitor.view.call?.ended, null);
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('an agent who only listens, or who has left the call, does not give it up', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const { visitor, desk, callId } = await callInState(url, site, 'connected');
    const own = await ticketOf(desk);
    const { rows: legs } = await database.query<{ id: string }>(
      `update legs set kind = 'monitor' where call_id = $1 returning id`,
      [callId],
    );
    assert.equal(legs.length, 1);
    await assert.rejects(desk.command({ type: 'end-with-callback', ...own }), withCode('conflict'));
    await database.query(`update legs set kind = 'first' where call_id = $1`, [callId]);
    await desk.command({ type: 'end-with-callback', ...own });
    await assert.rejects(desk.command({ type: 'end-with-callback', ...own }), withCode('conflict'));
    assert.equal((await kept(database, callId)).length, 1);
    await Promise.all([visitor.close(), desk.close()]);
  });
});
