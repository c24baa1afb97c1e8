import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  callFrom,
  connect,
  enter,
  makeSite,
  newResume,
  startSignalingServer,
} from '../../support/signaling-server.ts';

onBothStores((bench) => {
  /** A connected call that its visitor has left. */
  async function left() {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, callId, resume } = await connect(url, site);
    await visitor.command({ type: 'end-call', callId, mayReturn: true });
    await visitor.close();
    await desk.waitFor((view) => activeLeg(view)?.call.visitorLeftUntil);
    const join = (token: string, at = url) =>
      ProtocolClient.join(at, { role: 'visitor', site: site.id, resume: token, fresh: true });
    return { desk, callId, resume, database, join };
  }

  test('a visitor who left comes back to the same call with its key', async () => {
    const { desk, callId, resume, join } = await left();
    const waiting = activeLeg(desk.view)?.call;
    assert.equal(waiting?.state, 'connected');
    const back = await join(resume);
    assert.equal(back.view.call?.id, callId);
    assert.equal(back.view.call?.state, 'connected');
    await enter(back);
    await desk.waitFor((view) => activeLeg(view)?.call.visitorLeftUntil === undefined);
    assert.equal(activeLeg(desk.view)?.call.visitorOnline, true);
    await Promise.all([back.close(), desk.close()]);
  });

  // PGlite has one node.
  if (bench.kind === 'PostgreSQL')
    test('the visitor can come back through another node', async () => {
      const { desk, callId, resume, join } = await left();
      const second = await startSignalingServer(bench.store);
      const back = await join(resume, second.url);
      assert.equal(back.view.call?.id, callId);
      await enter(back);
      await desk.waitFor((view) => activeLeg(view)?.call.visitorLeftUntil === undefined);
      await Promise.all([back.close(), desk.close()]);
      await second.stop();
    });

  test('another key opens nothing, and the call goes on waiting for its own', async () => {
    const { desk, join } = await left();
    const stranger = await join(newResume());
    assert.equal(stranger.view.call, null);
    assert.notEqual(activeLeg(desk.view)?.call.visitorLeftUntil, undefined);
    await Promise.all([stranger.close(), desk.close()]);
  });

  test('the call ends when the time is over, and nobody comes back after that', async () => {
    const { desk, callId, resume, database, join } = await left();
    await database.query(
      `update calls set visitor_left_until = now() - interval '1 second' where id = $1`,
      [callId],
    );
    const late = await join(resume);
    assert.equal(late.view.call?.rooms[0]?.ticket ?? null, null, 'no ticket once the time is over');
    const after = await desk.waitFor(wrapUpLeg);
    assert.equal(wrapUpLeg(after)?.call.ended?.reason, 'visitor-ended');
    await Promise.all([late.close(), desk.close()]);
  });

  test('the agent need not wait, and then nobody comes back', async () => {
    const { desk, callId, resume, join } = await left();
    await desk.command({ type: 'end-call', callId });
    const back = await join(resume);
    assert.equal(back.view.call?.state, 'ended');
    assert.equal(back.view.call?.ended?.reason, 'agent-ended');
    await Promise.all([back.close(), desk.close()]);
  });

  test('a site that gives no time ends the call at once', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    await database.query('update sites set rejoin_seconds = 0 where id = $1', [site.id]);
    const { visitor, desk, callId } = await connect(url, site);
    await visitor.command({ type: 'end-call', callId, mayReturn: true });
    const after = await desk.waitFor(wrapUpLeg);
    assert.equal(wrapUpLeg(after)?.call.ended?.reason, 'visitor-ended');
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a visitor who waits in the queue has nothing to come back to', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, callId } = await callFrom(url, site);
    await visitor.command({ type: 'end-call', callId, mayReturn: true });
    const { call } = await visitor.waitFor((view) => view.call?.state === 'ended');
    assert.equal(call?.ended?.reason, 'cancelled');
    await visitor.close();
  });
});
