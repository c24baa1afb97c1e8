import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { accept, callFrom, deskOf, enter, makeSite } from '../../support/signaling-server.ts';

onBothStores((bench) => {
  /** The agent is in the room, and the visitor's page is hidden. */
  async function hidden() {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, callId } = await callFrom(url, site);
    const desk = await deskOf(url, site.agents[0]);
    await visitor.command({ type: 'report-hidden', callId });
    await accept(desk);
    await enter(desk);
    const ready = await visitor.waitFor(({ call }) => call?.state === 'ready');
    assert.equal(ready.call?.state, 'ready');
    assert.equal(activeLeg(desk.view)?.call.visitorHidden, false, 'nothing counts before `ready`');
    await visitor.command({ type: 'report-hidden', callId });
    await desk.waitFor((view) => activeLeg(view)?.call.visitorHidden);
    const close = () => Promise.all([visitor.close(), desk.close()]);
    return { visitor, desk, callId, database, close };
  }

  test('the agent sees that the visitor is being called back to the page, until they have joined', async () => {
    const { visitor, desk, callId, database, close } = await hidden();
    const { rows } = await database.query<{ seconds: number }>(
      'select extract(epoch from enter_by - ready_at)::int as seconds from calls where id = $1',
      [callId],
    );
    assert.ok(rows[0]!.seconds < 60, `${rows[0]!.seconds} s`);
    await enter(visitor);
    const connected = await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
    assert.equal(activeLeg(connected)?.call.visitorHidden, false);
    await close();
  });

  test('a visitor who does not come back has abandoned the call', async () => {
    const { visitor, desk, callId, database, close } = await hidden();
    await database.query('update calls set enter_by = now() where id = $1', [callId]);
    const { call } = await visitor.waitFor((view) => view.call?.state === 'ended');
    assert.equal(call?.ended?.reason, 'abandoned');
    const after = await desk.waitFor(wrapUpLeg);
    assert.equal(wrapUpLeg(after)?.call.visitorHidden, false);
    await close();
  });
});
