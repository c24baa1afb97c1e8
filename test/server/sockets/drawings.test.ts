import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { DrawingChange, DrawnPicture, Mark } from '../../../src/protocol/drawing.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { connect, enter, makeSite, startSignalingServer } from '../../support/signaling-server.ts';

const arrow = (): Mark => ({ kind: 'arrow', id: randomUUID(), from: [0.1, 0.2], to: [0.5, 0.5] });

onBothStores((bench) => {
  const begin = async () => {
    const site = await makeSite(bench.server.database);
    const call = await connect(bench.server.url, site);
    const { desk, visitor, room, agentTicket, visitorTicket } = call;
    const draw = (change: DrawingChange) => desk.command({ type: 'change-drawing', room, change });
    const live: DrawnPicture = {
      participant: visitorTicket.participant,
      source: 'camera',
      still: null,
    };
    const end = () => Promise.all([desk.close(), visitor.close()]);
    return { ...call, site, draw, live, agent: agentTicket.participant, end };
  };

  test('what the agent draws comes to the visitor and to the agent, as it was drawn', async () => {
    const { desk, visitor, room, draw, live, end } = await begin();
    const mark = arrow();
    await draw({ kind: 'show', picture: live });
    await draw({ kind: 'add', mark });
    const expected = { type: 'drawing', room, drawing: { picture: live, marks: [mark] } };
    for (const client of [visitor, desk]) {
      const { drawing } = await client.message('drawing', (m) => m.drawing.marks.length === 1);
      assert.deepEqual({ type: 'drawing', room, drawing }, expected);
    }
    await draw({ kind: 'remove', markId: mark.id });
    await visitor.until(
      () => visitor.messages.findLast((m) => m.type === 'drawing')?.drawing.marks.length === 0,
      'the empty drawing',
    );
    await end();
  });

  test('a visitor who reloads gets the drawing, on the picture of the new participant', async () => {
    const { desk, visitor, site, resume, draw, live, end } = await begin();
    await draw({ kind: 'show', picture: live });
    await draw({ kind: 'add', mark: arrow() });
    await visitor.close();
    const again = await ProtocolClient.join(bench.server.url, {
      role: 'visitor',
      ...{ site: site.id, resume, fresh: true },
    });
    const { participant } = await enter(again);
    assert.notEqual(participant, live.participant);
    const { drawing } = await again.message('drawing');
    assert.deepEqual([drawing.picture?.participant, drawing.marks.length], [participant, 1]);
    // The agent's page learns under which id the person is shown now.
    await desk.message('drawing', (m) => m.drawing.picture?.participant === participant);
    await again.close();
    await end();
  });

  test('the log of the call tells when somebody drew, once for each drawing', async () => {
    const { draw, live, site, room, end } = await begin();
    const still = randomUUID();
    await bench.server.database.query(
      `insert into images (id, room, site_id, type, width, height, bytes)
       values ($1, $2, $3, 'image/webp', 4, 3, '')`,
      [still, room, site.id],
    );
    await draw({ kind: 'show', picture: live });
    await draw({ kind: 'add', mark: arrow() });
    await draw({ kind: 'show', picture: { ...live, still } });
    await draw({ kind: 'clear' });
    await draw({ kind: 'show', picture: null });
    const { rows } = await bench.server.database.query<{ type: string }>(
      `select e.type from call_events e join calls c on c.id = e.call_id
         join agents a on a.id = e.agent_id
        where c.site_id = $1 and e.type in ('drawing-began', 'picture-frozen', 'drawing-ended')
        order by e.sequence`,
      [site.id],
    );
    assert.deepEqual(
      rows.map(({ type }) => type),
      ['drawing-began', 'picture-frozen', 'drawing-ended'],
    );
    await end();
  });

  test('nothing is drawn without a picture, on somebody who is not there, or with a foreign still', async () => {
    const { draw, live, end } = await begin();
    await assert.rejects(draw({ kind: 'add', mark: arrow() }), withCode('conflict'));
    for (const picture of [
      { ...live, participant: 'nobody' },
      { ...live, still: randomUUID() },
    ]) {
      await assert.rejects(draw({ kind: 'show', picture }), withCode('not-found'));
    }
    await end();
  });

  test('a visitor draws nothing, points at nothing and asks nothing of a device', async () => {
    const { desk, visitor, room, agent, draw, live, end } = await begin();
    await draw({ kind: 'show', picture: live });
    const change = { kind: 'clear' } as const;
    const other = visitor as unknown as ProtocolClient;
    const request = {
      room,
      to: agent,
      requestId: randomUUID(),
      action: { kind: 'photo' },
    } as const;
    for (const body of [
      { type: 'change-drawing', room, change },
      { type: 'request-device-action', ...request },
    ] as const) {
      await assert.rejects(other.command(body), withCode('forbidden'), body.type);
    }
    visitor.send({ type: 'point', room, at: [0, 0] });
    await visitor.message('error', ({ code }) => code === 'forbidden');
    const told = desk.messages.map(({ type }) => type);
    assert.ok(!told.includes('pointer') && !told.includes('device-request'));
    await end();
  });

  test('an agent whom nobody is shown neither draws nor points nor asks', async () => {
    const { desk, visitor, room, agent, draw, live, end } = await begin();
    const { database } = bench.server;
    await database.query('update participants set hidden = true where id = $1', [agent]);
    database.wake.notify(`room:${room}`);
    await assert.rejects(draw({ kind: 'show', picture: live }), withCode('forbidden'));
    desk.send({ type: 'point', room, at: [0, 0] });
    await desk.message('error', ({ code }) => code === 'forbidden');
    assert.equal(
      visitor.messages.some(({ type }) => type === 'pointer'),
      false,
    );
    await end();
  });

  test('guests of a room of their own have no drawing', async () => {
    const room = await roomOf(bench);
    const [a, b] = [
      await guest(bench.server.url, room, 'a'),
      await guest(bench.server.url, room, 'b'),
    ];
    const picture = { participant: b.participant, source: 'camera', still: null } as const;
    await assert.rejects(
      a.client.command({ type: 'change-drawing', room, change: { kind: 'show', picture } }),
      withCode('forbidden'),
    );
    await Promise.all([a.client.close(), b.client.close()]);
  });

  test('a device request comes to the visitor with who asks, and the answer to that agent', async () => {
    const { desk, visitor, room, agent, visitorTicket, end } = await begin();
    const requestId = randomUUID();
    const to = visitorTicket.participant;
    const action = { kind: 'torch', on: true } as const;
    await desk.command({ type: 'request-device-action', room, to, requestId, action });
    assert.deepEqual(await visitor.message('device-request'), {
      type: 'device-request',
      ...{ room, from: agent, requestId, action },
    });
    await visitor.command({
      type: 'answer-device-request',
      ...{ room, to: agent, requestId, answer: 'refused' },
    });
    assert.deepEqual(await desk.message('device-answer'), {
      type: 'device-answer',
      ...{ room, from: to, requestId, answer: 'refused' },
    });
    const missing = { room, to: 'nobody', requestId, action };
    await assert.rejects(
      desk.command({ type: 'request-device-action', ...missing }),
      withCode('not-found'),
    );
    await end();
  });

  // An embedded database has one node.
  if (bench.kind === 'PGlite') return;
  test('drawings, pointers and device requests cross from node to node', async () => {
    const other = await startSignalingServer(bench.store);
    try {
      const { desk, visitor, site, resume, room, draw, live, agent, end } = await begin();
      await visitor.close();
      const hello = { role: 'visitor', site: site.id, resume } as const;
      const again = await ProtocolClient.join(other.url, hello);
      const { participant: to } = await enter(again);
      await draw({ kind: 'show', picture: { ...live, participant: to } });
      await again.message('drawing', ({ drawing }) => drawing.picture?.participant === to);
      desk.send({ type: 'point', room, at: [0.25, 0.75] });
      const { from, at } = await again.message('pointer');
      assert.deepEqual([from, at], [agent, [0.25, 0.75]]);
      const requestId = randomUUID();
      const action = { kind: 'photo' } as const;
      await desk.command({ type: 'request-device-action', room, to, requestId, action });
      await again.message('device-request');
      const answer = { room, to: agent, requestId, answer: 'done' } as const;
      await again.command({ type: 'answer-device-request', ...answer });
      await desk.message('device-answer');
      await again.close();
      await end();
    } finally {
      await other.stop();
    }
  });
});
