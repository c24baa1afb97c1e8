import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { lead, SHOWN, STATES, type Scene, type State } from '../support/call-in-state.ts';
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
  type TestSite,
} from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';

interface Led extends Scene {
  readonly state: State;
  readonly site: TestSite;
}

/** A call in each state, each on a site of its own. */
function leadAll(url: string, database: Database): Promise<Led[]> {
  return Promise.all(
    STATES.map(async (state) => {
      const site = await makeSite(database);
      return { ...(await lead(url, site, state)), state, site };
    }),
  );
}

/** Both come in at `url`, as their pages would after a socket that ended. */
async function comeBack(
  url: string,
  led: Led,
): Promise<{ visitor: VisitorClient; desk: AgentClient }> {
  const { site, resume, desk } = led;
  const token = site.agents[0]?.token ?? '';
  const continues = (await desk.message('welcome')).connection;
  const [visitor, back] = await Promise.all([
    ProtocolClient.join(url, { role: 'visitor', site: site.id, resume }),
    ProtocolClient.join(url, { role: 'agent', token, continues }),
  ]);
  return { visitor, desk: back };
}

/** From whatever state to the end, with a word in between. */
async function finish(state: State, visitor: VisitorClient, desk: AgentClient): Promise<void> {
  if (state === 'queued') await desk.command({ type: 'set-status', status: 'available' });
  if (state === 'queued' || state === 'offered') await accept(desk);
  const { room } = await enter(desk);
  await enter(visitor);
  await desk.waitFor(({ call }) => call?.state === 'connected');
  await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'Here I am' });
  await visitor.until(() => visitor.chat.length === 1, 'the message');
  await visitor.command({ type: 'end-call', callId: visitor.view.call?.id ?? '' });
  await desk.waitFor(({ wrapUp }) => wrapUp);
  await Promise.all([visitor.close(), desk.close()]);
}

describe('of two servers on one database', () => {
  let url: string;
  let database: Database;
  let other: DeskNode;
  /** Of the test that runs: it leaves none to the next. */
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

  /** The row of the node that this client is on has not beaten for longer than a node may be silent. */
  async function takeForDead(client: { readonly messages: readonly { type: string }[] }) {
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

  it('one is killed with calls in every state, and the other goes on with each', async () => {
    const node = await start();
    const calls = await leadAll(node.url, database);
    node.command.kill('SIGKILL');
    await node.command.ended();
    for (const led of calls) {
      const { visitor, desk } = await comeBack(other.url, led);
      assert.equal(visitor.view.call?.id, led.callId);
      // What rang may be back in its place already: the agent was gone for a moment.
      if (led.state !== 'offered') assert.equal(visitor.view.call?.state, SHOWN[led.state]);
      await finish(led.state, visitor, desk);
    }
  });

  it('one is killed, and the agents who went with it keep no call from those who are there', async () => {
    const node = await start();
    const site = await makeSite(database, 2);
    await ringLong(database, site);
    const gone = await deskOf(node.url, site.agents[0]);
    const { visitor, callId } = await callFrom(other.url, site);
    await gone.waitFor(({ offer }) => offer);
    const next = await deskOf(other.url, site.agents[1]);
    node.command.kill('SIGKILL');
    await takeForDead(gone);
    const { offer } = await next.waitFor((view) => view.offer);
    assert.equal(offer?.callId, callId);
    const { rows } = await database.query<{ missed_in_row: number }>(
      'select missed_in_row from agents where id = $1',
      [site.agents[0]?.id],
    );
    assert.deepEqual(rows, [{ missed_in_row: 0 }], 'who is dead has missed nothing');
    await Promise.all([visitor.close(), next.close()]);
  });

  it('one that was stopped and goes on later does nothing of what it was told before, and sends its people on', async () => {
    const node = await start();
    const site = await makeSite(database);
    const token = site.agents[0]?.token ?? '';
    const { visitor, desk } = await lead(node.url, site, 'connected');
    const join = visitor.view.call?.ticket ?? assert.fail();
    node.command.kill('SIGSTOP');
    // Said to a server that does not hear it any more, and then again to one that does.
    const stale = [
      { type: 'set-status', status: 'break', id: 's1' },
      { type: 'signal', room: join.room, to: join.participant, data: 'stale' },
    ] as const;
    for (const message of stale) desk.sendRaw(JSON.stringify(message));
    await takeForDead(desk);
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
    // It is a server like any other, as soon as it has learned what became of it.
    const again = await waitUntil('it serves', () =>
      deskOf(node.url, site.agents[0]).catch(() => null),
    );
    assert.equal(again.view.call?.state, 'connected');
    await Promise.all([back.close(), again.close()]);
  });

  it('one is told to stop behind a balancer: everybody’s next socket is on the other, in the same call', async () => {
    const node = await start();
    const balancer = await FaultProxy.start(node.port);
    try {
      const calls = await leadAll(balancer.url, database);
      balancer.retarget(node.port, other.port);
      node.command.kill('SIGTERM');
      await Promise.all(
        calls.map(async (led) => {
          const ends = await Promise.all([led.visitor.waitForClose(), led.desk.waitForClose()]);
          assert.deepEqual(new Set(ends.map(({ code }) => code)), new Set([1012]));
          // The first attempt, at once: nobody who was sent on may be let in here again.
          const { visitor, desk } = await comeBack(balancer.url, led);
          assert.equal(visitor.view.call?.id, led.callId);
          assert.equal(visitor.view.call?.state, SHOWN[led.state]);
          await finish(led.state, visitor, desk);
        }),
      );
      assert.equal(await node.command.ended(), 0, node.command.stderr);
    } finally {
      await balancer.close();
    }
  });
});
