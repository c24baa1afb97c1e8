import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { activeLeg } from '../support/agent-legs.ts';
import { callInState, SHOWN, STATES, type State } from '../support/call-in-state.ts';
import { freshPostgres } from '../support/postgres.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { ReturningClient } from '../support/returning-client.ts';
import {
  accept,
  callFrom,
  deskOf,
  enter,
  makeSite,
  ringLong,
  ticketOf,
} from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Makes every stored time a minute older, as if the database had been away for a minute longer. */
const A_MINUTE_LATER = [
  `update service_heartbeat set at = at - interval '1 minute'`,
  `update nodes set heartbeat_at = heartbeat_at - interval '1 minute'`,
  `update legs set offered_at = offered_at - interval '1 minute', accepted_at = accepted_at - interval '1 minute',
                   deadline = deadline - interval '1 minute'`,
  `update calls set requested_at = requested_at - interval '1 minute',
                    ready_at = ready_at - interval '1 minute', enter_by = enter_by - interval '1 minute',
                    visitor_gone_at = visitor_gone_at - interval '1 minute'`,
  `update agents set gone_at = gone_at - interval '1 minute'`,
];

describe('a server whose database fails', () => {
  let url: string;
  let database: Database;
  let proxy: FaultProxy;
  let node: DeskNode;
  const returning: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    url = await freshPostgres();
    database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
    proxy = await FaultProxy.start(Number(new URL(url).port));
    const proxied = new URL(url);
    proxied.port = String(proxy.port);
    node = await startDeskNode(proxied.href);
  });
  afterEach(async () => {
    await Promise.all(returning.splice(0).map((client) => client.close()));
    await node?.command.dispose();
    await proxy?.close();
    await database?.close();
  });

  const status = async (path: string) => (await fetch(node.url + path)).status;

  /** A call in this state. Its visitor and its agent reconnect by themselves. */
  async function returningCall(state: State) {
    const site = await makeSite(database);
    await ringLong(database, site);
    const { visitor, desk, resume, callId } = await callInState(node.url, site, state);
    const token = site.agents[0]?.token ?? '';
    const continues = (await desk.message('welcome')).connection;
    await Promise.all([visitor.close(), desk.close()]);
    const [visitorClient, agentClient] = await Promise.all([
      ReturningClient.join(node.url, { role: 'visitor', site: site.id, resume }),
      ReturningClient.join(node.url, { role: 'agent', token, continues }),
    ]);
    returning.push(visitorClient, agentClient);
    return { state, callId, visitorClient, agentClient };
  }

  it('sends its clients away when the database is gone, and ends no call for a minute’s absence', async () => {
    const calls = await Promise.all(STATES.map(returningCall));
    // This visitor's page reloads when the database goes: the visitor's grace has begun already.
    const site = await makeSite(database);
    const reloading = await callFrom(node.url, site);
    reloading.visitor.cut();
    await waitUntil('the grace has begun', async () => {
      const { rowCount } = await database.query(
        'select from calls where id = $1 and visitor_gone_at is not null',
        [reloading.callId],
      );
      return rowCount === 1;
    });
    proxy.cut();
    await waitUntil('every client was sent away', () =>
      calls.every(
        ({ visitorClient, agentClient }) => !visitorClient.connected && !agentClient.connected,
      ),
    );
    assert.equal(await status('/healthz'), 200);
    assert.equal(await status('/readyz'), 503);
    const refused = await fetch(`${node.url}/api/v1/agent-sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ site: 'demo', username: 'alice', password: 'demo' }),
    });
    assert.equal(refused.status, 503);
    assert.equal(((await refused.json()) as { code: string }).code, 'server-error');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    for (const statement of A_MINUTE_LATER) await database.query(statement);
    proxy.mend();
    await waitUntil('every client is back', () =>
      calls.every(
        ({ visitorClient, agentClient }) => visitorClient.connected && agentClient.connected,
      ),
    );
    const { resume } = reloading;
    const reloaded = await ProtocolClient.join(node.url, {
      role: 'visitor',
      site: site.id,
      resume,
    });
    assert.equal(reloaded.view.call?.state, 'queued');
    await reloaded.close();
    for (const { state, callId, visitorClient, agentClient } of calls) {
      await waitUntil(
        `the call that was ${state} goes on`,
        () => visitorClient.view.call?.id === callId,
      );
      const shown = visitorClient.view.call?.state;
      // Before the call is connected, an agent who was away for a moment may have lost it to the queue.
      if (state === 'queued' || state === 'connected') assert.equal(shown, SHOWN[state]);
      else assert.ok(shown && ['queued', 'ringing', 'ready'].includes(shown), `${state}: ${shown}`);
      assert.equal(agentClient.view.missedInRow, 0);
    }
  });

  it('goes on after a short restart of the database, and loses no message', async () => {
    const site = await makeSite(database);
    const { visitor, desk, resume } = await callInState(node.url, site, 'connected');
    const { room } = await ticketOf(visitor);
    const continues = (await desk.message('welcome')).connection;
    // Like a page: a command without a result when the socket ends is sent again on the next socket.
    const send = async (text: string) => {
      const message = { type: 'chat-send', room, messageId: randomUUID(), text } as const;
      let client = visitor;
      await waitUntil('the message is acknowledged', async () => {
        try {
          await client.command(message);
          return true;
        } catch (error) {
          if (client.closed === null) throw error;
          const hello = { role: 'visitor', site: site.id, resume } as const;
          client = await ProtocolClient.join(node.url, hello).catch(() => client);
          if (client.closed === null) await enter(client);
          return false;
        }
      });
      return message.messageId;
    };
    const before = await send('before');
    proxy.cut();
    const during = send('during');
    // The sender is not left without an answer: the socket closes, so the page sends the message again.
    assert.deepEqual(await visitor.waitForClose(), { code: 1012, reason: 'offline' });
    proxy.mend();
    const token = site.agents[0]?.token ?? '';
    desk.cut();
    // The agent comes back within the grace, also on a slow machine.
    await waitUntil('the agent is back', () =>
      ReturningClient.join(node.url, { role: 'agent', token, continues }).then(
        (agent) => returning.push(agent),
        () => false,
      ),
    );
    const sent = [before, await during, await send('after')];
    const { rows } = await database.query<{ id: string; state: string }>(
      `select m.id, c.state from messages m join calls c on c.room = m.room order by m.sequence`,
    );
    assert.deepEqual(
      rows,
      sent.map((id) => ({ id, state: 'connected' })),
    );
  });

  it('gets notices again after its connections to the database froze', async () => {
    const site = await makeSite(database);
    const { visitor } = await callFrom(node.url, site);
    const other = await startDeskNode(url);
    try {
      proxy.freeze();
      const desk = await deskOf(other.url, site.agents[0]);
      await accept(desk);
      await enter(desk);
      const view = await visitor.waitFor(({ call }) => call?.state === 'ready');
      assert.equal(view.call?.agentName, 'Agent 0');
      await enter(visitor);
      await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
      await Promise.all([visitor.close(), desk.close()]);
    } finally {
      await other.command.dispose();
    }
  });
});
