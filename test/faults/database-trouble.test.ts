import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { lead, SHOWN, STATES, type State } from '../support/call-in-state.ts';
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

/** As if the whole trouble had taken a minute longer: all that was before it is that much older. */
const A_MINUTE_LATER = [
  `update service set alive_at = alive_at - interval '1 minute'`,
  `update nodes set heartbeat_at = heartbeat_at - interval '1 minute'`,
  `update offers set offered_at = offered_at - interval '1 minute', deadline = deadline - interval '1 minute'`,
  `update calls set requested_at = requested_at - interval '1 minute',
                    accepted_at = accepted_at - interval '1 minute',
                    ready_at = ready_at - interval '1 minute', enter_by = enter_by - interval '1 minute',
                    visitor_gone_at = visitor_gone_at - interval '1 minute'`,
  `update agents set gone_at = gone_at - interval '1 minute'`,
];

describe('a server whose database is in trouble', () => {
  let url: string;
  let database: Database;
  let cable: FaultProxy;
  let node: DeskNode;
  const returning: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    url = await freshPostgres();
    database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
    cable = await FaultProxy.start(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(cable.port);
    node = await startDeskNode(through.href);
  });
  afterEach(async () => {
    await Promise.all(returning.splice(0).map((client) => client.close()));
    await node?.command.dispose();
    await cable?.close();
    await database?.close();
  });

  const status = async (path: string) => (await fetch(node.url + path)).status;

  /** A call in this state, whose two people find their way back by themselves. */
  async function scene(state: State) {
    const site = await makeSite(database);
    await ringLong(database, site);
    const { visitor, desk, resume, callId } = await lead(node.url, site, state);
    const token = site.agents[0]?.token ?? '';
    const continues = (await desk.message('welcome')).connection;
    await Promise.all([visitor.close(), desk.close()]);
    const [guest, agent] = await Promise.all([
      ReturningClient.join(node.url, { role: 'visitor', site: site.id, resume }),
      ReturningClient.join(node.url, { role: 'agent', token, continues }),
    ]);
    returning.push(guest, agent);
    return { state, callId, guest, agent };
  }

  it('sends its people back when it is away, and for a minute counts nothing against them', async () => {
    const scenes = await Promise.all(STATES.map(scene));
    // Reloads the page in the wrong moment: gone, with a grace that has begun.
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
    cable.cut();
    await waitUntil('everyone was told', () =>
      scenes.every(({ guest, agent }) => !guest.connected && !agent.connected),
    );
    assert.equal(await status('/healthz'), 200);
    assert.equal(await status('/readyz'), 503);
    const refused = await fetch(`${node.url}/api/v1/agent-sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'alice', password: 'demo' }),
    });
    assert.equal(refused.status, 503);
    assert.equal(((await refused.json()) as { code: string }).code, 'server-error');
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    for (const statement of A_MINUTE_LATER) await database.query(statement);
    cable.mend();
    await waitUntil('everyone is back', () =>
      scenes.every(({ guest, agent }) => guest.connected && agent.connected),
    );
    const { resume } = reloading;
    const reloaded = await ProtocolClient.join(node.url, {
      role: 'visitor',
      site: site.id,
      resume,
    });
    assert.equal(reloaded.view.call?.state, 'queued');
    await reloaded.close();
    for (const { state, callId, guest, agent } of scenes) {
      await waitUntil(`the call that was ${state} goes on`, () => guest.view.call?.id === callId);
      const shown = guest.view.call?.state;
      // Before the two have met, an agent who was away for a moment may have lost it to the queue.
      if (state === 'queued' || state === 'connected') assert.equal(shown, SHOWN[state]);
      else assert.ok(shown && ['queued', 'ringing', 'ready'].includes(shown), `${state}: ${shown}`);
      assert.equal(agent.view.missedInRow, 0);
    }
  });

  it('goes on where it was after a restart that is over in a moment, and loses no word', async () => {
    const site = await makeSite(database);
    const { visitor, desk, resume } = await lead(node.url, site, 'connected');
    const { room } = await ticketOf(visitor);
    const continues = (await desk.message('welcome')).connection;
    // What every page of ours does with a command that has no result when the socket ends.
    const say = async (text: string) => {
      const message = { type: 'chat-send', room, messageId: randomUUID(), text } as const;
      let speaker = visitor;
      await waitUntil('it is said', async () => {
        try {
          await speaker.command(message);
          return true;
        } catch (error) {
          if (speaker.closed === null) throw error;
          const hello = { role: 'visitor', site: site.id, resume } as const;
          speaker = await ProtocolClient.join(node.url, hello).catch(() => speaker);
          if (speaker.closed === null) await enter(speaker);
          return false;
        }
      });
      return message.messageId;
    };
    const before = await say('before');
    cable.cut();
    const during = say('during');
    // Who has said something is not left without an answer: the page is told to say it again.
    assert.deepEqual(await visitor.waitForClose(), { code: 1012, reason: 'offline' });
    cable.mend();
    const token = site.agents[0]?.token ?? '';
    desk.cut();
    // Within their grace, however slow the machine.
    await waitUntil('the agent is back', () =>
      ReturningClient.join(node.url, { role: 'agent', token, continues }).then(
        (agent) => returning.push(agent),
        () => false,
      ),
    );
    const said = [before, await during, await say('after')];
    const { rows } = await database.query<{ id: string; state: string }>(
      `select m.id, c.state from messages m join calls c on c.room = m.room order by m.sequence`,
    );
    assert.deepEqual(
      rows,
      said.map((id) => ({ id, state: 'connected' })),
    );
  });

  it('hears again after its connections were cut without a word', async () => {
    const site = await makeSite(database);
    const { visitor } = await callFrom(node.url, site);
    const other = await startDeskNode(url);
    try {
      cable.freeze();
      const desk = await deskOf(other.url, site.agents[0]);
      await accept(desk);
      await enter(desk);
      const view = await visitor.waitFor(({ call }) => call?.state === 'ready');
      assert.equal(view.call?.agentName, 'Agent 0');
      await enter(visitor);
      await desk.waitFor(({ call }) => call?.state === 'connected');
      await Promise.all([visitor.close(), desk.close()]);
    } finally {
      await other.command.dispose();
    }
  });
});
