import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { activeLeg, offeredLeg, wrapUpLeg } from '../support/agent-legs.ts';
import {
  callInState,
  SHOWN,
  STATES,
  type CallInState,
  type State,
} from '../support/call-in-state.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
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
  ringLong,
  ticketOf,
  type TestSite,
} from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Call extends CallInState {
  readonly state: State;
  readonly site: TestSite;
}

/** One call in each state, each on its own site. */
function callsInAllStates(url: string, database: Database): Promise<Call[]> {
  return Promise.all(
    STATES.map(async (state) => {
      const site = await makeSite(database);
      return { ...(await callInState(url, site, state)), state, site };
    }),
  );
}

/** Reconnects both at `url`, like their pages after a lost socket. */
async function reconnect(
  url: string,
  call: Call,
): Promise<{ visitor: VisitorClient; desk: AgentClient }> {
  const { site, resume, desk } = call;
  const token = site.agents[0]?.token ?? '';
  const continues = (await desk.message('welcome')).connection;
  const [visitor, back] = await Promise.all([
    ProtocolClient.join(url, { role: 'visitor', site: site.id, resume }),
    ProtocolClient.join(url, { role: 'agent', token, continues }),
  ]);
  return { visitor, desk: back };
}

/** Brings the call from its state to the end, with a chat message. */
async function finish(state: State, visitor: VisitorClient, desk: AgentClient): Promise<void> {
  if (state === 'queued') await desk.command({ type: 'set-status', status: 'available' });
  if (state === 'queued' || state === 'offered') await accept(desk);
  const { room } = await enter(desk);
  await enter(visitor);
  await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
  await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'Here I am' });
  await visitor.until(() => visitor.chat.length === 1, 'the message');
  await visitor.command({ type: 'end-call', callId: visitor.view.call?.id ?? '' });
  await desk.waitFor(wrapUpLeg);
  await Promise.all([visitor.close(), desk.close()]);
}

describe('when one of two servers on one database', () => {
  let url: string;
  let database: Database;
  let other: DeskNode;
  /** The nodes of the current test. They end with it. */
  const started: DeskNode[] = [];
  async function start(): Promise<DeskNode> {
    const node = await startDeskNode(url);
    started.push(node);
    return node;
  }
  before(async () => {
    url = await freshPostgres();
    database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
    other = await startDeskNode(url);
  });
  afterEach(() => Promise.all(started.splice(0).map(({ command }) => command.dispose())));
  after(async () => {
    await other?.command.dispose();
    await database?.close();
  });

  /** Makes the heartbeat of this client's node too old, until the other node has declared it dead. */
  async function declareDead(client: { readonly messages: readonly { type: string }[] }) {
    const welcome = client.messages.find(({ type }) => type === 'welcome') as unknown as {
      connection: string;
    };
    await waitUntil('the node is declared dead', async () => {
      await database.query(
        `update nodes set heartbeat_at = heartbeat_at - interval '11 seconds'
          where id = (select node_id from connections where id = $1)`,
        [welcome.connection],
      );
      const { rowCount } = await database.query('select from connections where id = $1', [
        welcome.connection,
      ]);
      return rowCount === 0;
    });
  }

  it('is killed with calls in every state, the other goes on with each', async () => {
    const node = await start();
    const calls = await callsInAllStates(node.url, database);
    node.command.kill('SIGKILL');
    await node.command.ended();
    for (const call of calls) {
      const { visitor, desk } = await reconnect(other.url, call);
      assert.equal(visitor.view.call?.id, call.callId);
      // A call that rang may be queued again: its agent was gone for a moment.
      if (call.state !== 'offered') assert.equal(visitor.view.call?.state, SHOWN[call.state]);
      await finish(call.state, visitor, desk);
    }
  });

  it('is killed, its agents keep no call from the agents of the other', async () => {
    const node = await start();
    const site = await makeSite(database, 2);
    await ringLong(database, site);
    const gone = await deskOf(node.url, site.agents[0]);
    const { visitor, callId } = await callFrom(other.url, site);
    await gone.waitFor(offeredLeg);
    const next = await deskOf(other.url, site.agents[1]);
    node.command.kill('SIGKILL');
    await declareDead(gone);
    assert.equal(offeredLeg(await next.waitFor(offeredLeg))?.call.id, callId);
    const { rows } = await database.query<{ missed_in_row: number }>(
      'select missed_in_row from agents where id = $1',
      [site.agents[0]?.id],
    );
    assert.deepEqual(rows, [{ missed_in_row: 0 }], 'an agent whose node died has missed nothing');
    await Promise.all([visitor.close(), next.close()]);
  });

  it('is frozen and thaws later, it does nothing that it was told before, and sends its clients away', async () => {
    const node = await start();
    const site = await makeSite(database);
    const token = site.agents[0]?.token ?? '';
    const { visitor, desk } = await callInState(node.url, site, 'connected');
    const { room, participant } = await ticketOf(visitor);
    node.command.kill('SIGSTOP');
    // Sent to the frozen server. The other server gets the first one again.
    const stale = [
      { type: 'set-status', status: 'break', id: 's1' },
      { type: 'signal', room, to: participant, data: 'stale' },
    ] as const;
    for (const message of stale) desk.sendRaw(JSON.stringify(message));
    await declareDead(desk);
    const continues = (await desk.message('welcome')).connection;
    const back = await ProtocolClient.join(other.url, { role: 'agent', token, continues });
    await back.command({ type: 'set-status', status: 'break' }, 's1');
    await back.command({ type: 'set-status', status: 'available' });
    await back.waitFor(({ chosen }) => chosen === 'available');
    await enter(back);

    node.command.kill('SIGCONT');
    assert.deepEqual(await desk.waitForClose(), { code: 1012, reason: 'offline' });
    assert.deepEqual(await visitor.waitForClose(), { code: 1012, reason: 'offline' });
    assert.ok(
      !desk.messages.some(
        (message) => message.type === 'result' && message.id === 's1' && message.ok,
      ),
    );
    const { rows } = await database.query('select status from agents where id = $1', [
      site.agents[0]?.id,
    ]);
    assert.deepEqual(rows, [{ status: 'available' }]);
    assert.ok(!visitor.messages.some(({ type }) => type === 'signal'));
    // It serves again, as soon as it knows that it had been declared dead.
    const again = await waitUntil('it serves', () =>
      deskOf(node.url, site.agents[0]).catch(() => null),
    );
    assert.equal(activeLeg(again.view)?.call.state, 'connected');
    await Promise.all([back.close(), again.close()]);
  });

  it('is told to stop behind a load balancer, every client’s next socket is on the other, in the same call', async () => {
    const node = await start();
    const balancer = await FaultProxy.start(node.port);
    try {
      const calls = await callsInAllStates(balancer.url, database);
      balancer.retarget(node.port, other.port);
      node.command.kill('SIGTERM');
      await Promise.all(
        calls.map(async (call) => {
          const ends = await Promise.all([call.visitor.waitForClose(), call.desk.waitForClose()]);
          assert.deepEqual(new Set(ends.map(({ code }) => code)), new Set([1012]));
          // The first attempt works at once: the stopping server accepts no new socket.
          const { visitor, desk } = await reconnect(balancer.url, call);
          assert.equal(visitor.view.call?.id, call.callId);
          assert.equal(visitor.view.call?.state, SHOWN[call.state]);
          await finish(call.state, visitor, desk);
        }),
      );
      assert.equal(await node.command.ended(), 0, node.command.stderr);
    } finally {
      await balancer.close();
    }
  });
});
