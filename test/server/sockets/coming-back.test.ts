import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { AgentView } from '../../../src/protocol/views.ts';
import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { callInState, SHOWN, STATES } from '../../support/call-in-state.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  accept,
  deskOf,
  enter,
  makeSite,
  startSignalingServer,
  ticketOf,
  type TestStore,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

onBothStores((bench) => {
  for (const state of STATES) {
    test(`a visitor whose socket is cut while ${state} comes back to the same place`, async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, resume, callId } = await callInState(url, site, state);
      const before = visitor.view.call;
      visitor.cut();
      const inCall = activeLeg(desk.view) !== undefined;
      if (inCall) await desk.waitFor((view) => activeLeg(view)?.call.visitorOnline === false);
      const back = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume });
      assert.equal(back.view.call?.id, callId);
      assert.equal(back.view.call?.state, SHOWN[state]);
      assert.equal(back.view.call?.position, before?.position);
      assert.equal(back.view.call?.requestedAt, before?.requestedAt);
      assert.equal(
        back.view.call?.rooms[0]?.ticket?.participant,
        before?.rooms[0]?.ticket?.participant,
      );
      assert.ok((back.snapshot?.rev ?? 0) > (visitor.snapshot?.rev ?? 0), 'rev grows');
      if (inCall) await desk.waitFor((view) => activeLeg(view)?.call.visitorOnline === true);
      await Promise.all([back.close(), desk.close()]);
    });

    test(`a visitor who stays away for longer than the grace while ${state} ends the call`, async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, resume, callId } = await callInState(url, site, state);
      if (state === 'queued') await desk.waitFor(({ waiting }) => waiting.length === 1);
      visitor.cut();
      await gone(async () => {
        const { rowCount } = await database.query(
          `update calls set visitor_gone_at = visitor_gone_at - interval '61 seconds'
            where id = $1 and visitor_gone_at is not null`,
          [callId],
        );
        return rowCount === 1;
      });
      const met = state === 'ready' || state === 'connected';
      await desk.waitFor(
        (view) => !offeredLeg(view) && !activeLeg(view) && view.waiting.length === 0,
      );
      const back = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume });
      assert.equal(back.view.call?.state, 'ended');
      assert.equal(back.view.call?.ended?.reason, met ? 'visitor-gone' : 'abandoned');
      assert.deepEqual(back.view.call?.rooms, []);
      await Promise.all([back.close(), desk.close()]);
    });
  }

  for (const state of ['offered', 'accepted', 'ready', 'connected'] as const) {
    test(`an agent whose socket is cut while ${state} and who is back soon keeps the call`, async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, callId } = await callInState(url, site, state);
      const before = desk.view;
      const continues = (await desk.message('welcome')).connection;
      desk.cut();
      const token = site.agents[0]?.token ?? '';
      const back = await ProtocolClient.join(url, { role: 'agent', token, continues });
      const view = await back.waitFor(({ activeTab, tabs }) => activeTab && tabs === 1);
      assert.deepEqual(
        view.legs.map(({ id, call }) => [id, call.id]),
        before.legs.map(({ id }) => [id, callId]),
      );
      assert.deepEqual(ownParticipants(view), ownParticipants(before));
      if (state === 'offered') await accept(back);
      await enter(back);
      await enter(visitor);
      await back.waitFor((view) => activeLeg(view)?.call.state === 'connected');
      await Promise.all([visitor.close(), back.close()]);
    });
  }

  for (const state of ['offered', 'accepted', 'ready'] as const) {
    test(`an agent who is gone while ${state} loses the call to another one, and the visitor keeps the place`, async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database, 2);
      const { visitor, desk, callId } = await callInState(url, site, state);
      const requestedAt = visitor.view.call?.requestedAt;
      const firstRoom = visitor.view.call?.rooms[0]?.number;
      desk.cut();
      await gone(async () => {
        const { rowCount } = await database.query(
          `update agents set gone_at = gone_at - interval '10 seconds' where id = $1 and gone_at is not null`,
          [site.agents[0]?.id],
        );
        return rowCount === 1;
      });
      await visitor.waitFor(({ call }) => call?.state === 'queued' && call.position === 1);
      assert.deepEqual(visitor.view.call?.rooms, []);
      const next = await deskOf(url, site.agents[1]);
      const offer = offeredLeg(await next.waitFor(offeredLeg));
      assert.equal(offer?.call.id, callId);
      assert.equal(offer?.call.requestedAt, requestedAt);
      const ticket = await accept(next);
      assert.notEqual(ticket.room, firstRoom, 'another room');
      await enter(next);
      await enter(visitor);
      await next.waitFor((view) => activeLeg(view)?.call.state === 'connected');
      await Promise.all([visitor.close(), next.close()]);
    });
  }

  test('an agent who stays away from a connected call for longer than the grace ends it', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk } = await callInState(url, site, 'connected');
    desk.cut();
    await visitor.waitFor(({ call }) =>
      call?.rooms[0]?.participants.some(({ role, online }) => role === 'agent' && !online),
    );
    await gone(async () => {
      const { rowCount } = await database.query(
        `update agents set gone_at = gone_at - interval '61 seconds' where id = $1 and gone_at is not null`,
        [site.agents[0]?.id],
      );
      return rowCount === 1;
    });
    const ended = await visitor.waitFor(({ call }) => call?.state === 'ended');
    assert.equal(ended.call?.ended?.reason, 'agent-gone');
    await visitor.close();
  });

  test('an agent who accepted and does not enter the room in time gives the call back', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, callId } = await callInState(url, site, 'accepted');
    const first = await ticketOf(desk);
    await database.query(
      `update legs set deadline = now() where call_id = $1 and state = 'accepted'`,
      [callId],
    );
    await visitor.waitFor(({ call }) => call?.state === 'queued');
    const view = await desk.waitFor(({ legs }) => legs.length === 0);
    assert.equal(view.today.calls[0]?.outcome, 'withdrawn');
    await assert.rejects(desk.command({ type: 'enter-room', ...first }));
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a page that was reloaded is another participant, and the other side sees one of the two', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, resume } = await callInState(url, site, 'connected');
    const before = await ticketOf(visitor);
    visitor.cut();
    const again = await ProtocolClient.join(url, {
      role: 'visitor',
      site: site.id,
      resume,
      fresh: true,
    });
    const ticket = await enter(again);
    assert.notEqual(ticket.participant, before.participant);
    const view = await desk.waitFor((view) =>
      activeLeg(view)?.rooms[0]?.participants.some(({ id }) => id === ticket.participant),
    );
    assert.equal(activeLeg(view)?.rooms[0]?.participants.length, 2);
    assert.equal(activeLeg(view)?.call.state, 'connected');

    const agentBefore = await ticketOf(desk);
    const token = site.agents[0]?.token ?? '';
    const continues = (await desk.message('welcome')).connection;
    const reloaded = await ProtocolClient.join(url, {
      role: 'agent',
      token,
      fresh: true,
      continues,
    });
    const agentTicket = await enter(reloaded);
    assert.notEqual(agentTicket.participant, agentBefore.participant);
    await again.waitFor(
      ({ call }) =>
        call?.rooms[0]?.participants.length === 2 &&
        call.rooms[0].participants.some(({ id }) => id === agentTicket.participant),
    );
    await Promise.all([again.close(), reloaded.close()]);
  });

  test('after the end a resume token shows how the call ended, and after ten minutes nothing', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, resume, callId } = await callInState(url, site, 'connected');
    await desk.command({ type: 'end-call', callId });
    await visitor.waitFor(({ call }) => call?.ended);
    await visitor.close();
    const hello = { role: 'visitor', site: site.id, resume } as const;
    const back = await ProtocolClient.join(url, hello);
    assert.equal(back.view.call?.ended?.reason, 'agent-ended');
    assert.deepEqual(back.view.call?.rooms, []);
    await back.close();
    await database.query(
      `update calls set ended_at = ended_at - interval '11 minutes' where id = $1`,
      [callId],
    );
    const later = await ProtocolClient.join(url, hello);
    assert.equal(later.view.call, null);
    await Promise.all([later.close(), desk.close()]);
  });
});

/** The viewer's own participants in the rooms of the legs. */
function ownParticipants({ legs }: AgentView): (string | undefined)[] {
  return legs.flatMap(({ rooms }) => rooms.map(({ ticket }) => ticket?.participant));
}

/** Waits until the database has seen that somebody is gone; `moved` dates that back. */
function gone(moved: () => Promise<boolean>): Promise<boolean> {
  return waitUntil('somebody is known to be gone', moved);
}

describe('a server that is stopped, and another one on the same data', () => {
  for (const kind of ['PGlite', 'PostgreSQL'] as const) {
    for (const state of STATES) {
      test(`${kind}: both come back to a call that was ${state}, and it goes on`, async (t) => {
        const store = await storeOf(kind, t);
        const first = await startSignalingServer(store);
        const site = await makeSite(first.database);
        const { visitor, desk, resume, callId } = await callInState(first.url, site, state);
        const position = visitor.view.call?.position;
        const participant = activeLeg(desk.view)?.rooms[0]?.ticket?.participant;
        const continues = (await desk.message('welcome')).connection;
        await first.stop();
        assert.equal((await visitor.waitForClose()).code, 1012);
        assert.equal((await desk.waitForClose()).code, 1012);

        const second = await startSignalingServer(store);
        try {
          const token = site.agents[0]?.token ?? '';
          const [desk2, visitor2] = await Promise.all([
            ProtocolClient.join(second.url, { role: 'agent', token, continues }),
            ProtocolClient.join(second.url, { role: 'visitor', site: site.id, resume }),
          ]);
          assert.equal(visitor2.view.call?.id, callId);
          assert.equal(visitor2.view.call?.position, position);
          assert.ok((visitor2.snapshot?.rev ?? 0) > (visitor.snapshot?.rev ?? 0));
          if (state === 'queued') await desk2.command({ type: 'set-status', status: 'available' });
          if (state === 'queued' || state === 'offered') await accept(desk2);
          else assert.equal((await ticketOf(desk2)).participant, participant);
          const { room } = await enter(desk2);
          await enter(visitor2);
          await desk2.waitFor((view) => activeLeg(view)?.call.state === 'connected');
          await desk2.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'back' });
          await visitor2.until(() => visitor2.chat.length === 1, 'the message');
          await Promise.all([visitor2.close(), desk2.close()]);
        } finally {
          await second.stop();
        }
      });
    }
  }
});

async function storeOf(
  kind: 'PGlite' | 'PostgreSQL',
  t: { after(callback: () => Promise<void>): void },
): Promise<TestStore> {
  if (kind === 'PostgreSQL') return { databaseUrl: await freshPostgres() };
  const { dataDir, remove } = await freshDataDirectory();
  t.after(remove);
  return { dataDir };
}
