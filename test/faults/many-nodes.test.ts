import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { activeLeg, wrapUpLeg } from '../support/agent-legs.ts';
import { signInDemoAgent } from '../support/agent-session.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { freshPostgres } from '../support/postgres.ts';
import {
  ProtocolClient,
  type AgentClient,
  type VisitorClient,
} from '../support/protocol-client.ts';
import {
  accept,
  callFrom,
  deskOf,
  enter,
  makeSite,
  ticketOf,
} from '../support/signaling-server.ts';

/**
 * Makes NOTIFY do nothing, without an error. A connection pooler in transaction mode, or a policy of the database, does
 * the same.
 */
async function disableNotify(database: Database, url: string): Promise<void> {
  await database.query(
    `create function public.pg_notify(text, text) returns void language sql as ''`,
  );
  const name = new URL(url).pathname.slice(1);
  await database.query(`alter database ${name} set search_path = public, pg_catalog`);
}

/** A connected call: the visitor is on the first node, the agent on the second. */
async function connectAcross(here: DeskNode, there: DeskNode, database: Database) {
  const site = await makeSite(database);
  const desk = await deskOf(there.url, site.agents[0]);
  const { visitor, resume, callId } = await callFrom(here.url, site);
  await accept(desk);
  const agentTicket = await enter(desk);
  const visitorTicket = await enter(visitor);
  await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
  await visitor.waitFor(({ call }) => call?.state === 'connected');
  return {
    site,
    desk,
    visitor,
    resume,
    callId,
    agentTicket,
    visitorTicket,
    room: agentTicket.room,
  };
}

type Call = Awaited<ReturnType<typeof connectAcross>>;

/** Sends what the mesh sends before it is connected: a long session description, then many short candidates. */
async function exchangeSignals({ desk, visitor, agentTicket, visitorTicket, room }: Call) {
  const sdp = 'v=0 ' + '测'.repeat(15_000);
  const signals = [sdp, ...Array.from({ length: 20 }, (_, i) => `candidate ${i}`)];
  for (const data of signals) {
    desk.send({ type: 'signal', room, to: visitorTicket.participant, data });
    visitor.send({ type: 'signal', room, to: agentTicket.participant, data });
  }
  for (const client of [desk, visitor] as const) await receivesSignals(client, signals);
}

async function receivesSignals(client: AgentClient | VisitorClient, wanted: readonly unknown[]) {
  const signals = () =>
    client.messages.flatMap((message) => (message.type === 'signal' ? [message.data] : []));
  await client.until(() => signals().length >= wanted.length, 'the signals');
  assert.deepEqual(signals(), wanted);
}

async function exchangeMessages({ desk, visitor, room }: Call) {
  const texts: string[] = [];
  for (let i = 0; i < 5; i += 1) {
    for (const client of [visitor, desk] as const) {
      const text = `message ${texts.length}`;
      texts.push(text);
      await client.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    }
  }
  for (const client of [visitor, desk] as const) {
    await client.until(() => client.chat.length >= texts.length, 'the conversation');
    assert.deepEqual(
      client.chat.map(({ text }) => text),
      texts,
    );
  }
}

async function endCall({ visitor, desk, callId }: Call) {
  await visitor.command({ type: 'end-call', callId });
  await desk.waitFor((view) => wrapUpLeg(view)?.call.id === callId);
  await Promise.all([visitor.close(), desk.close()]);
}

describe('two servers that start at once on one empty database', () => {
  let nodes: readonly [DeskNode, DeskNode];
  let database: Database;

  before(async () => {
    const url = await freshPostgres();
    nodes = await Promise.all([startDeskNode(url), startDeskNode(url)]);
    database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
  });
  after(async () => {
    await Promise.all((nodes ?? []).map(({ command }) => command.dispose()));
    await database?.close();
  });

  it('connect a visitor on one with an agent on the other: signals, typing, messages, read marks', async () => {
    const call = await connectAcross(nodes[0], nodes[1], database);
    await exchangeSignals(call);
    call.desk.send({ type: 'typing', room: call.room });
    assert.equal((await call.visitor.message('typing')).from, call.agentTicket.participant);
    await exchangeMessages(call);
    await call.visitor.command({ type: 'chat-read', room: call.room, sequence: 3 });
    const { participant } = call.visitorTicket;
    await call.desk.until(() => call.desk.readMarks.get(participant) === 3, 'the read mark');
    await endCall(call);
  });

  it('take over each other’s clients during a call, and store once what was sent twice', async () => {
    const call = await connectAcross(nodes[0], nodes[1], database);
    const messageId = randomUUID();
    const message = { type: 'chat-send', room: call.room, messageId, text: 'Hello' } as const;
    const sent = await call.visitor.command(message, 'c1');
    const continues = (await call.desk.message('welcome')).connection;
    call.visitor.cut();
    call.desk.cut();
    const token = call.site.agents[0]?.token ?? '';
    const hello = { role: 'visitor', site: call.site.id, resume: call.resume } as const;
    const visitor = await ProtocolClient.join(nodes[1].url, hello);
    const desk = await ProtocolClient.join(nodes[0].url, { role: 'agent', token, continues });
    assert.deepEqual(
      [(await ticketOf(visitor)).participant, (await ticketOf(desk)).participant],
      [call.visitorTicket.participant, call.agentTicket.participant],
    );
    await Promise.all([enter(visitor), enter(desk)]);
    assert.deepEqual(await visitor.command(message, 'c1'), sent);
    const moved = { ...call, visitor, desk };
    await exchangeSignals(moved);
    const { messages } = await desk.command({ type: 'chat-history', room: call.room, after: 0 });
    assert.deepEqual(
      messages.map(({ id }) => id),
      [messageId],
    );
    await endCall(moved);
  });

  it('read pictures and accept sign-ins of each other', async () => {
    const call = await connectAcross(nodes[0], nodes[1], database);
    const at = (node: DeskNode, path = '') => `${node.url}/api/v1/rooms/${call.room}/images${path}`;
    const authorization = (client: AgentClient | VisitorClient) => {
      const rooms =
        client.view.role === 'agent' ? activeLeg(client.view)?.rooms : client.view.call?.rooms;
      const chat = rooms?.[0]?.ticket?.chat;
      assert.equal(chat?.provider, 'desk');
      return { authorization: `Bearer ${chat.token}` };
    };
    const picture = await sharp({
      create: { width: 30, height: 20, channels: 3, background: '#f3b43f' },
    })
      .png()
      .toBuffer();
    const uploaded = await fetch(at(nodes[0]), {
      method: 'POST',
      headers: { ...authorization(call.visitor), 'content-type': 'image/png' },
      body: new Uint8Array(picture),
    });
    const { id } = (await uploaded.json()) as { id: string };
    const read = await fetch(at(nodes[1], `/${id}`), { headers: authorization(call.desk) });
    assert.equal(read.status, 200);
    assert.equal((await sharp(await read.arrayBuffer()).metadata()).width, 30);

    const { token } = await signInDemoAgent(nodes[0].url, 'alice');
    const desk = await ProtocolClient.join(nodes[1].url, { role: 'agent', token });
    assert.equal(desk.view.agent.username, 'alice');
    await Promise.all([desk.close(), endCall(call)]);
  });
});

describe('two servers on a database whose NOTIFY does nothing', () => {
  it('run a whole call, because they also poll', async (t) => {
    const url = await freshPostgres();
    const database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
    t.after(() => database.close());
    await disableNotify(database, url);
    const nodes = await Promise.all([startDeskNode(url), startDeskNode(url)]);
    t.after(() => Promise.all(nodes.map(({ command }) => command.dispose())));
    const call = await connectAcross(nodes[0], nodes[1], database);
    await exchangeSignals(call);
    await exchangeMessages(call);
    await endCall(call);
  });
});
