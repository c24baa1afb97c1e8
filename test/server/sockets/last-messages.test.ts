import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import pg from 'pg';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { wrapUpLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { guest } from '../../support/guest.ts';
import { connect, deskOf, makeSite } from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** The same data; its changes cause no notices. */
function withoutNotices(db: Database): Database {
  return {
    embedded: db.embedded,
    wake: { ...db.wake, notify: () => undefined },
    query: (text, values) => db.query(text, values),
    batch: (text, key, values) => db.batch(text, key, values),
    transaction: (work) => db.transaction(work),
    dumpFiles: () => db.dumpFiles(),
    close: () => db.close(),
  };
}

onBothStores((bench) => {
  test('the last message before the end is delivered before the view that shows the end', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId } = await connect(url, site);
    const sent = desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'bye' });
    const ended = desk.command({ type: 'end-call', callId });
    await Promise.all([sent, ended]);
    await visitor.waitFor(({ call }) => call?.state === 'ended');
    const order = visitor.frames.map((frame) =>
      frame.startsWith('{"type":"chat"') ? 'chat' : frame.includes('"state":"ended"') ? 'end' : '',
    );
    assert.ok(order.includes('chat'), 'delivered');
    assert.ok(order.indexOf('chat') < order.indexOf('end'), 'before the end');
    await assert.rejects(
      desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'late' }),
      ({ code }: RtcDeskError) => code === 'forbidden' || code === 'conflict',
    );
    const { messages } = await desk.command({ type: 'chat-history', room, after: 0 });
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['bye'],
    );
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a room that is closed closes its sockets, after the last message', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 0);
    const room = await createRoom(database, { siteId: site.id });
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const messageId = randomUUID();
    await a.client.command({ type: 'chat-send', room, messageId, text: 'bye' });
    assert.equal(await closeRoom(database, { siteId: site.id, room }), true);
    for (const { client } of [a, b]) {
      assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'not-found' });
      assert.deepEqual(
        client.chat.map(({ text }) => text),
        ['bye'],
      );
    }
  });

  // An embedded database has one node, and one connection.
  if (bench.kind === 'PGlite') return;
  /** Nobody can read messages until the transaction of this client ends. */
  async function holdBackMessages(t: TestContext): Promise<pg.Client> {
    assert.ok('databaseUrl' in bench.store);
    const holder = new pg.Client({ connectionString: bench.store.databaseUrl });
    await holder.connect();
    t.after(() => holder.end());
    await holder.query('begin');
    await holder.query('lock table messages in access exclusive mode');
    return holder;
  }

  async function readersHeldBack(): Promise<number> {
    const { rows } = await bench.server.database.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%from chat_messages%'`,
    );
    return rows[0]?.n ?? 0;
  }

  test('the view that shows the end waits for the last message, however long that takes', async (t) => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId, agentTicket } = await connect(url, site);
    const { participant } = agentTicket;
    // Stored, without a notice.
    await appendMessage(withoutNotices(database), {
      room,
      participant,
      id: randomUUID(),
      text: 'bye',
    });
    const holder = await holdBackMessages(t);
    const secondTab = await deskOf(url, site.agents[0]);
    // The result comes after the view of this tab, which waits for the last message too.
    const answered = desk.command({ type: 'end-call', callId });
    // This tab was never in the room, so that nothing holds its view back.
    await secondTab.waitFor(wrapUpLeg);
    await waitUntil('the last message is asked for', async () => (await readersHeldBack()) > 0);
    visitor.send({ type: 'ping' });
    await visitor.message('pong');
    assert.equal(visitor.view.call?.state, 'connected', 'not before the last message');
    await holder.query('commit');
    await answered;
    const ended = await visitor.waitFor(({ call }) => call?.state === 'ended');
    assert.equal(ended.call?.ended?.reason, 'agent-ended');
    assert.deepEqual(
      visitor.chat.map(({ text }) => text),
      ['bye'],
    );
    await Promise.all([visitor.close(), desk.close(), secondTab.close()]);
  });
});
