import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import type { AgentClient } from '../../support/protocol-client.ts';
import {
  callFrom,
  deskOf,
  enter,
  makeSite,
  startSignalingServer,
  ticketOf,
} from '../../support/signaling-server.ts';

const SIGNAL = { kind: 'offer', serial: 1, number: 1, sdp: 'v=0\r\n', text: 'a\0b \ud800' };

async function acceptWith(desk: AgentClient, firstSignal: unknown, id?: string) {
  const leg = offeredLeg(await desk.waitFor(offeredLeg));
  return desk.command({ type: 'accept-offer', legId: leg?.id ?? '', firstSignal }, id);
}

onBothStores((bench) => {
  const ringing = async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const { visitor, callId, resume } = await callFrom(url, site);
    const desk = await deskOf(url, site.agents[0]);
    return { url, database, site, visitor, callId, resume, desk };
  };

  test('an accept with a signal lets the agent in, and the visitor’s view carries ticket and signal', async () => {
    const { visitor, desk } = await ringing();
    const { room, entered } = await acceptWith(desk, SIGNAL);
    assert.equal(entered, true);
    const { participant } = await ticketOf(desk);
    const { call } = await visitor.waitFor((view) => view.call?.state === 'ready');
    assert.deepEqual(call?.firstSignal, { from: participant, data: SIGNAL });
    assert.equal(call?.rooms[0]?.ticket?.room, room);
    assert.deepEqual(
      call?.rooms[0]?.participants.map(({ id }) => id),
      [participant],
    );
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('the agent is first: no frame before shows the visitor a room, a ticket or the signal', async () => {
    const { visitor, desk, callId } = await ringing();
    const { room } = await acceptWith(desk, SIGNAL);
    await visitor.waitFor(({ call }) => call?.state === 'ready');
    for (const frame of visitor.frames) {
      if (!frame.includes(String(room)) && !frame.includes('firstSignal')) continue;
      const { view } = JSON.parse(frame) as { view: (typeof visitor)['view'] };
      assert.equal(view.call?.state, 'ready');
      const [agent, ...others] = view.call.rooms[0]!.participants;
      assert.equal(agent?.role, 'agent');
      assert.deepEqual(others, []);
    }
    const { rows } = await bench.server.database.query<{ type: string }>(
      'select type from call_events where call_id = $1 order by sequence',
      [callId],
    );
    assert.deepEqual(
      rows.map(({ type }) => type),
      ['created', 'queued', 'offered', 'accepted', 'ready'],
    );
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('the sender’s view comes before the result, and signals reach the agent without enter-room', async () => {
    const { visitor, desk } = await ringing();
    const { room } = await acceptWith(desk, SIGNAL, 'accept');
    const own = desk.messages.findIndex(
      (message) =>
        message.type === 'snapshot' &&
        message.view.role === 'agent' &&
        activeLeg(message.view)?.state === 'joined',
    );
    const result = desk.messages.findIndex(
      (message) => message.type === 'result' && message.id === 'accept',
    );
    assert.ok(own >= 0 && own < result, `snapshot ${own}, result ${result}`);
    const to = (await ticketOf(desk)).participant;
    const ticket = await ticketOf(visitor);
    // The signal follows the command at once, without waiting for its result.
    visitor.send({ type: 'enter-room', id: 'enter', ...ticket });
    visitor.send({ type: 'signal', room, to, data: 'answer' });
    const signal = await desk.message('signal');
    assert.deepEqual(signal, { type: 'signal', room, from: ticket.participant, data: 'answer' });
    assert.ok(!visitor.messages.some(({ type }) => type === 'error'));
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('the signal is gone when the visitor has entered, and with a call that ends or goes back', async () => {
    const { visitor, desk, callId, database } = await ringing();
    await acceptWith(desk, SIGNAL);
    await enter(visitor);
    const { call } = await visitor.waitFor((view) => view.call?.state === 'connected');
    assert.equal(call?.firstSignal, undefined);
    const kept = await database.query(
      'select from calls where id = $1 and first_signal is not null',
      [callId],
    );
    assert.equal(kept.rowCount, 0);
    const second = await ringing();
    await acceptWith(second.desk, SIGNAL);
    await second.visitor.waitFor((view) => view.call?.firstSignal);
    await second.visitor.command({ type: 'end-call', callId: second.callId });
    const ended = await second.visitor.waitFor((view) => view.call?.state === 'ended');
    assert.equal(ended.call?.firstSignal, undefined);
    const third = await ringing();
    await acceptWith(third.desk, SIGNAL);
    await third.visitor.waitFor((view) => view.call?.firstSignal);
    await database.query('update calls set enter_by = now() where id = $1', [third.callId]);
    await third.visitor.waitFor((view) => view.call?.state !== 'ready');
    assert.equal(third.visitor.view.call?.firstSignal, undefined);
    for (const { visitor: one, desk: other } of [{ visitor, desk }, second, third]) {
      await Promise.all([one.close(), other.close()]);
    }
  });

  test('an accept that is sent again changes nothing, and asks for enter-room', async () => {
    const { visitor, desk, callId, database } = await ringing();
    const { legId, room } = await acceptWith(desk, SIGNAL);
    const again = await desk.command({ type: 'accept-offer', legId, firstSignal: SIGNAL });
    assert.deepEqual(again, { callId, legId, room, entered: false });
    assert.equal((await enter(desk)).room, room);
    const { rows } = await database.query<{ state: string; event_count: number }>(
      'select state, event_count from calls where id = $1',
      [callId],
    );
    assert.deepEqual(rows[0], { state: 'ready', event_count: 5 });
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('another agent, a visitor and a too large or too deep signal are refused', async () => {
    const { url, site, visitor, desk } = await ringing();
    const legId = offeredLeg(await desk.waitFor(offeredLeg))?.id ?? '';
    const accept = { type: 'accept-offer', legId, firstSignal: SIGNAL } as const;
    const stranger = await deskOf(url, site.agents[1]);
    await assert.rejects(stranger.command(accept), withCode('forbidden'));
    await assert.rejects(visitor.command(accept), withCode('forbidden'));
    const large = { ...accept, firstSignal: 'x'.repeat(33 * 1024) };
    await assert.rejects(desk.command(large), withCode('bad-message'));
    let deep: unknown = 1;
    for (let i = 0; i < 20; i += 1) deep = [deep];
    await assert.rejects(desk.command({ ...accept, firstSignal: deep }), withCode('bad-message'));
    assert.equal(offeredLeg(desk.view)?.id, legId, 'it still rings');
    await Promise.all([visitor.close(), desk.close(), stranger.close()]);
  });

  test('both sides get ICE servers while it rings, and nobody before', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor } = await callFrom(url, site);
    const queued = await visitor.waitFor(({ call }) => call?.state === 'queued');
    assert.equal(queued.call?.iceServers, undefined);
    const desk = await deskOf(url, site.agents[0]);
    assert.deepEqual(offeredLeg(await desk.waitFor(offeredLeg))?.iceServers, []);
    const rings = await visitor.waitFor(({ call }) => call?.state === 'ringing');
    assert.deepEqual(rings.call?.iceServers, []);
    await acceptWith(desk, SIGNAL);
    const ready = await visitor.waitFor(({ call }) => call?.state === 'ready');
    assert.equal(ready.call?.iceServers, undefined);
    await Promise.all([visitor.close(), desk.close()]);
  });
});

test('where the room is at TRTC, the agent alone has it with the offer, and an accept with a signal enters nothing', async (t) => {
  const server = await startSignalingServer(
    { dataDir: 'memory://' },
    { media: { trtc: true, confirmedByCallback: false } },
  );
  t.after(() => server.stop());
  const site = await makeSite(server.database);
  const { visitor } = await callFrom(server.url, site);
  const desk = await deskOf(server.url, site.agents[0]);
  const otherTab = await deskOf(server.url, site.agents[0]);
  const offered = offeredLeg(await desk.waitFor(offeredLeg));
  assert.equal(offered?.iceServers, undefined);
  const [held] = offered?.rooms ?? [];
  assert.equal(held?.ticket?.media.provider, 'trtc');
  assert.deepEqual(held.participants, []);
  const inOtherTab = offeredLeg(await otherTab.waitFor(offeredLeg))?.rooms[0];
  assert.deepEqual([inOtherTab?.number, inOtherTab?.ticket], [held.number, null]);
  await assert.rejects(
    visitor.command({
      type: 'enter-room',
      room: held.number,
      participant: held.ticket.participant,
    }),
    withCode('forbidden'),
  );
  const { entered } = await acceptWith(desk, SIGNAL);
  assert.equal(entered, false);
  const accepted = await desk.waitFor(activeLeg);
  assert.equal(activeLeg(accepted)?.state, 'accepted');
  assert.deepEqual(activeLeg(accepted)?.rooms[0]?.ticket, held.ticket);
  assert.equal(visitor.view.call?.firstSignal, undefined);
  await enter(desk);
  const ready = await visitor.waitFor(({ call }) => call?.state === 'ready');
  assert.equal(ready.call?.firstSignal, undefined);
  assert.equal(ready.call?.rooms[0]?.number, held.number);
  const showing = visitor.frames.filter((frame) => frame.includes(String(held.number)));
  for (const frame of showing) assert.match(frame, /"state":"ready"/);
  assert.ok(showing.length > 0);
  await Promise.all([visitor.close(), desk.close(), otherTab.close()]);
});
