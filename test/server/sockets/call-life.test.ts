import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeLeg, offeredLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  accept,
  callFrom,
  connect,
  deskOf,
  enter,
  makeSite,
  ticketOf,
} from '../../support/signaling-server.ts';

onBothStores((bench) => {
  test('a call goes from the press to the end of the wrap-up, and both sides see each step', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, callId } = await callFrom(url, site);
    const queued = await visitor.waitFor(({ call }) => call?.state === 'queued');
    assert.equal(queued.call?.position, 1);
    assert.equal(queued.call?.agentOnline, false);

    const desk = await deskOf(url, site.agents[0]);
    const ringing = await desk.waitFor(offeredLeg);
    const offer = offeredLeg(ringing);
    assert.equal(ringing.status, 'ringing');
    assert.equal(offer?.call.id, callId);
    assert.deepEqual(offer?.call.visitor.params, { device: 'METER-0042' });
    assert.equal(offer?.reason.params.group, 'Pre-sales');
    assert.deepEqual(offer?.rooms, []);
    await visitor.waitFor(({ call }) => call?.state === 'ringing');

    await accept(desk);
    const accepted = await desk.waitFor(activeLeg);
    assert.equal(accepted.status, 'busy');
    assert.equal(activeLeg(accepted)?.owner, true);
    await enter(desk);
    const ready = await visitor.waitFor(({ call }) => call?.state === 'ready');
    assert.equal(ready.call?.agentName, 'Agent 0');
    await enter(visitor);
    const connected = await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
    assert.equal(activeLeg(connected)?.state, 'joined');
    assert.equal(activeLeg(connected)?.rooms[0]?.participants.length, 2);
    await visitor.waitFor(({ call }) => call?.state === 'connected');

    await desk.command({ type: 'end-call', callId });
    const ended = await visitor.waitFor(({ call }) => call?.state === 'ended');
    assert.equal(ended.call?.ended?.reason, 'agent-ended');
    assert.deepEqual(ended.call?.rooms, []);
    const wrapUp = await desk.waitFor(wrapUpLeg);
    assert.equal(wrapUp.status, 'wrap-up');
    assert.equal(wrapUpLeg(wrapUp)?.rooms[0]?.ticket, null, 'to be read, not entered');
    await desk.command({ type: 'finish-wrap-up', legId: wrapUpLeg(wrapUp)?.id ?? '' });
    const after = await desk.waitFor(({ status }) => status === 'available');
    assert.deepEqual(after.legs, []);
    assert.equal(after.today.talked, 1);
    assert.equal(after.today.calls[0]?.outcome, 'talked');
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('no frame shows the visitor the room, a ticket or the agent before the agent is in the room', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, callId } = await callFrom(url, site);
    const desk = await deskOf(url, site.agents[0]);
    const { room, participant } = await accept(desk);
    // Causes a snapshot of the state in which the room exists and the agent is not in it.
    database.wake.notify(`call:${callId}`, `room:${room}`);
    await assert.rejects(
      visitor.command({ type: 'chat-send', room, messageId: callId, text: 'x' }),
    );
    await visitor.waitFor(({ call }) => call?.state === 'ringing');
    const before = visitor.frames.length;
    await enter(desk);
    await visitor.waitFor(({ call }) => call?.rooms[0]?.ticket);
    const early = visitor.frames.slice(0, before).filter((frame) => !frame.includes('"result"'));
    for (const frame of early) {
      assert.ok(!frame.includes(String(room)), 'the room');
      assert.ok(!frame.includes(participant), 'the agent’s participant');
      assert.ok(!frame.includes('Agent 0'), 'the agent’s name');
      assert.ok(!frame.includes('"ticket"'), 'a ticket');
      assert.ok(!frame.includes('"participant"'), 'a participant');
      assert.ok(!frame.includes('firstSignal'), 'the agent’s signal');
    }
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a declined call keeps its place and goes to the next agent', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const first = await deskOf(url, site.agents[0]);
    const { visitor, callId } = await callFrom(url, site);
    const offer = offeredLeg(await first.waitFor(offeredLeg));
    const second = await deskOf(url, site.agents[1]);
    await first.command({ type: 'decline-offer', legId: offer?.id ?? '' });
    const moved = offeredLeg(await second.waitFor(offeredLeg));
    assert.equal(moved?.call.id, callId);
    assert.equal(moved?.call.requestedAt, offer?.call.requestedAt);
    const declined = await first.waitFor(({ today }) => today.declined === 1);
    assert.deepEqual(declined.legs, []);
    await first.command({ type: 'decline-offer', legId: offer?.id ?? '' });
    await assert.rejects(
      first.command({ type: 'accept-offer', legId: offer?.id ?? '' }),
      withCode('conflict'),
    );
    await Promise.all([visitor.close(), first.close(), second.close()]);
  });

  test('an agent who misses two offers in a row is away, and is told so', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const desk = await deskOf(url, site.agents[0]);
    const { visitor, callId } = await callFrom(url, site);
    for (const misses of [1, 2]) {
      const offer = offeredLeg(await desk.waitFor(offeredLeg));
      await database.query('update legs set deadline = now() where id = $1', [offer?.id]);
      const missed = await desk.waitFor((view) => view.today.missed === misses);
      assert.equal(missed.missedInRow, misses);
      // The same agent is asked again only after ten seconds: the leg is dated back by so much.
      await database.query(
        `update legs set closed_at = closed_at - interval '11 seconds' where call_id = $1`,
        [callId],
      );
      database.wake.notify(`matching:${site.id}`);
    }
    assert.equal((await desk.waitFor(({ status }) => status === 'away')).missedInRow, 2);
    const waiting = await visitor.waitFor(({ call }) => call?.state === 'queued');
    assert.equal(waiting.call?.agentOnline, false);
    await desk.command({ type: 'set-status', status: 'available' });
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('positions fall as earlier calls go, and the desk shows the queue', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const desk = await deskOf(url, site.agents[0], 'break');
    const calls = [];
    for (let i = 0; i < 3; i += 1) calls.push(await callFrom(url, site));
    const [first, second, third] = calls;
    assert.ok(first && second && third);
    await third.visitor.waitFor(({ call }) => call?.position === 3);
    const queue = await desk.waitFor(({ waiting }) => waiting.length === 3);
    assert.deepEqual(
      queue.waiting.map(({ id, position }) => [id, position]),
      calls.map(({ callId }, index) => [callId, index + 1]),
    );
    await first.visitor.command({ type: 'end-call', callId: first.callId });
    await first.visitor.waitFor(({ call }) => call?.ended?.reason === 'cancelled');
    await second.visitor.waitFor(({ call }) => call?.position === 1);
    await third.visitor.waitFor(({ call }) => call?.position === 2);
    await desk.waitFor(({ waiting }) => waiting.length === 2);
    // A second cancel does nothing.
    await first.visitor.command({ type: 'end-call', callId: first.callId });
    await Promise.all([...calls.map(({ visitor }) => visitor.close()), desk.close()]);
  });

  test('a visitor who cancels while it rings ends the ringing', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const desk = await deskOf(url, site.agents[0]);
    const { visitor, callId } = await callFrom(url, site);
    const offer = offeredLeg(await desk.waitFor(offeredLeg));
    await visitor.command({ type: 'end-call', callId });
    await desk.waitFor(({ legs, status }) => legs.length === 0 && status === 'available');
    await assert.rejects(
      desk.command({ type: 'accept-offer', legId: offer?.id ?? '' }),
      withCode('conflict'),
    );
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a request that is sent several times makes one call', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, resume, callId } = await callFrom(url, site);
    const again = await Promise.all(
      [1, 2, 3].map(() => visitor.command({ type: 'request-call', resume, params: {} })),
    );
    assert.deepEqual(new Set(again.map((value) => value.callId)), new Set([callId]));
    await assert.rejects(
      visitor.command({ type: 'request-call', resume: 'B'.repeat(43), params: {} }),
      withCode('conflict'),
    );
    await visitor.close();
  });

  test('two tabs of one agent ring together, and accepting in one ends the ringing in both', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const one = await deskOf(url, site.agents[0]);
    const two = await deskOf(url, site.agents[0]);
    assert.equal((await one.waitFor(({ tabs }) => tabs === 2)).activeTab, true);
    assert.equal((await two.waitFor(({ tabs }) => tabs === 2)).activeTab, false);
    const { visitor } = await callFrom(url, site);
    await one.waitFor(offeredLeg);
    await accept(two);
    const other = await one.waitFor(activeLeg);
    assert.equal(other.activeTab, false);
    assert.equal(activeLeg(other)?.rooms[0]?.ticket, null);
    assert.equal(two.view.activeTab, true);
    await Promise.all([visitor.close(), one.close(), two.close()]);
  });

  test('activate-tab brings the call to another tab, as another participant', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, agentTicket } = await connect(url, site);
    const other = await deskOf(url, site.agents[0]);
    await other.command({ type: 'activate-tab' });
    const ticket = await ticketOf(other);
    assert.notEqual(ticket.participant, agentTicket.participant);
    await desk.waitFor((view) => !view.activeTab && activeLeg(view)?.rooms[0]?.ticket === null);
    await assert.rejects(
      desk.command({ type: 'enter-room', ...agentTicket }),
      withCode('conflict'),
    );
    await enter(other);
    const view = await visitor.waitFor(({ call }) =>
      call?.rooms[0]?.participants.some(({ id }) => id === ticket.participant),
    );
    assert.equal(view.call?.rooms[0]?.participants.length, 2, 'nobody sees the agent twice');
    assert.equal(view.call?.state, 'connected');
    await other.command({ type: 'activate-tab' });
    assert.deepEqual(await ticketOf(other), ticket, 'sent again, it changes nothing');
    await Promise.all([visitor.close(), desk.close(), other.close()]);
  });

  test('a tab whose socket was cut comes back active, as the same participant, before the cut is noticed', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, agentTicket } = await connect(url, site);
    const other = await deskOf(url, site.agents[0]);
    const continues = (await desk.message('welcome')).connection;
    const token = site.agents[0]?.token ?? '';
    // The old socket is still open, as after a network failure.
    const back = await ProtocolClient.join(url, { role: 'agent', token, continues });
    await back.waitFor(({ activeTab, tabs }) => activeTab && tabs === 2);
    assert.deepEqual(await ticketOf(back), agentTicket);
    assert.equal((await desk.waitForClose()).code, 1012);
    assert.equal(other.view.activeTab, false);
    // A connection of somebody else is not continued.
    const foreign = (await visitor.message('welcome')).connection;
    const third = await ProtocolClient.join(url, { role: 'agent', token, continues: foreign });
    assert.equal(third.view.activeTab, false);
    assert.equal(visitor.closed, null);
    await Promise.all([visitor, back, other, third].map((client) => client.close()));
  });

  test('two tabs that accept in the same moment get the same answer, and one of them the ticket', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const tabs = [await deskOf(url, site.agents[0]), await deskOf(url, site.agents[0])];
    const { visitor, callId } = await callFrom(url, site);
    const views = await Promise.all(tabs.map((tab) => tab.waitFor(offeredLeg)));
    const legId = views[0] ? (offeredLeg(views[0])?.id ?? '') : '';
    const values = await Promise.all(
      tabs.map((tab) => tab.command({ type: 'accept-offer', legId })),
    );
    assert.equal(values[0]?.callId, callId);
    assert.deepEqual(values[0], values[1]);
    const after = await Promise.all(tabs.map((tab) => tab.waitFor(activeLeg)));
    assert.equal(after.filter(({ activeTab }) => activeTab).length, 1);
    await Promise.all([visitor.close(), ...tabs.map((tab) => tab.close())]);
  });

  test('two agents never have one call: an accept of the other one is refused', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const desks = [await deskOf(url, site.agents[0]), await deskOf(url, site.agents[1])];
    const { visitor, callId } = await callFrom(url, site);
    const [first, second] = desks;
    assert.ok(first && second);
    await Promise.race(desks.map((desk) => desk.waitFor(offeredLeg)));
    const holder = offeredLeg(first.view) ? first : second;
    const other = holder === first ? second : first;
    const legId = offeredLeg(holder.view)?.id ?? '';
    const results = await Promise.allSettled([
      other.command({ type: 'accept-offer', legId }),
      holder.command({ type: 'accept-offer', legId }),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    const { rows } = await database.query<{ n: number }>(
      `select count(*)::int as n from legs where state in ('offered', 'accepted', 'joined') and site_id = $1`,
      [site.id],
    );
    assert.equal(rows[0]?.n, 1);
    await visitor.command({ type: 'end-call', callId });
    await Promise.all([visitor.close(), first.close(), second.close()]);
  });

  test('the second socket of a visitor takes over, and the first is told why it was closed', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, resume, callId } = await callFrom(url, site);
    const second = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume });
    assert.deepEqual(await visitor.waitForClose(), { code: 4409, reason: 'signed-in-elsewhere' });
    assert.equal(second.view.call?.id, callId);
    assert.equal(second.view.call?.position, 1);
    // So does a socket that was open before and asks by a command.
    const early = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    const third = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume });
    await second.waitForClose();
    await early.command({ type: 'request-call', resume, params: {} });
    await early.waitFor(({ call }) => call?.id === callId);
    assert.equal((await third.waitForClose()).code, 4409);
    await early.close();
  });

  test('every snapshot of a person has a higher rev than the one before', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, callId } = await connect(url, site);
    await desk.command({ type: 'end-call', callId });
    await desk.waitFor(wrapUpLeg);
    for (const client of [visitor, desk]) {
      const revs = client.messages.flatMap((message) =>
        message.type === 'snapshot' ? [message.rev] : [],
      );
      assert.ok(revs.length > 3);
      assert.deepEqual(
        revs,
        [...new Set(revs)].sort((a, b) => a - b),
      );
    }
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a ticket stays the same from snapshot to snapshot', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk } = await connect(url, site);
    for (const client of [visitor, desk]) {
      const tickets = client.messages.flatMap((message) => {
        if (message.type !== 'snapshot' || message.view.role === 'guest') return [];
        const { view } = message;
        const rooms = view.role === 'visitor' ? view.call?.rooms : activeLeg(view)?.rooms;
        return (rooms ?? []).flatMap(({ ticket }) => (ticket ? [JSON.stringify(ticket)] : []));
      });
      assert.ok(tickets.length >= 2);
      assert.equal(new Set(tickets).size, 1);
    }
    await Promise.all([visitor.close(), desk.close()]);
  });
});
