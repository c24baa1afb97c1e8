import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { activeLeg } from '../support/agent-legs.ts';
import { startDeskNode, type DeskNode } from '../support/desk-node.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { freshPostgres } from '../support/postgres.ts';
import type { HelloBody } from '../support/protocol-client.ts';
import { ReturningClient } from '../support/returning-client.ts';
import { callFrom, connect, makeSite, newResume } from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const WAITING = 280;
const TALKING = 10;
/** Several storms in a row: a leftover of the first would disturb the next. */
const STORMS = 2;

describe('two servers behind a load balancer, when all clients lose their sockets at once', () => {
  let database: Database;
  let nodes: readonly DeskNode[];
  let balancer: FaultProxy;
  const clients: Pick<
    ReturningClient<HelloBody>,
    'connected' | 'attempts' | 'returns' | 'close'
  >[] = [];

  before(async () => {
    const url = await freshPostgres();
    nodes = await Promise.all([startDeskNode(url), startDeskNode(url)]);
    database = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: randomUUID() });
    balancer = await FaultProxy.start(...nodes.map(({ port }) => port));
  });
  after(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await balancer?.close();
    await Promise.all((nodes ?? []).map(({ command }) => command.dispose()));
    await database?.close();
  });

  /** The sum of a metric over both nodes. Without labels in `name`, over all labels too. */
  async function metric(name: string): Promise<number> {
    const pages = await Promise.all(
      nodes.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()),
    );
    return pages
      .flatMap((page) => page.split('\n'))
      .filter((line) => line.startsWith(name))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /** Visitors in the queue, in their order. */
  async function fillQueue(site: string, length: number) {
    const made: { callId: string; client: ReturningClient<Hello> }[] = [];
    for (let i = 0; i < length; i += 20) {
      made.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(20, length - i) }, async () => {
            const resume = newResume();
            const { visitor, callId } = await callFrom(
              balancer.url,
              { id: site, agents: [] },
              resume,
            );
            visitor.cut();
            const hello: Hello = { role: 'visitor', site, resume };
            return { callId, client: await ReturningClient.join(balancer.url, hello) };
          }),
        )),
      );
    }
    return made;
  }

  it('have every client back in the same place, and no call is disturbed', async () => {
    const talking = await makeSite(database, TALKING);
    const waiting = await makeSite(database, 0);
    const calls = await Promise.all(
      talking.agents.map(async (agent) => {
        const met = await connect(balancer.url, { id: talking.id, agents: [agent] });
        const continues = (await met.desk.message('welcome')).connection;
        met.visitor.cut();
        met.desk.cut();
        return Promise.all([
          ReturningClient.join(balancer.url, {
            role: 'visitor' as const,
            site: talking.id,
            resume: met.resume,
          }),
          ReturningClient.join(balancer.url, {
            role: 'agent' as const,
            token: agent.token,
            continues,
          }),
        ]);
      }),
    );
    const queue = await fillQueue(waiting.id, WAITING);
    const positions = async () => {
      const { rows } = await database.query<{ id: string }>(
        `select id from calls where site_id = $1 and state = 'queued' order by requested_at, id`,
        [waiting.id],
      );
      return rows.map(({ id }) => id);
    };
    const before = await positions();
    const snapshots = await metric('rtc_desk_messages_sent_total{type="snapshot"}');
    clients.push(...queue.map(({ client }) => client), ...calls.flat());
    for (let storm = 1; storm <= STORMS; storm += 1) {
      balancer.drop();
      await waitUntil(
        `all clients are back after storm ${storm}`,
        () => clients.every(({ connected, returns }) => connected && returns >= storm),
        60_000,
      );
    }
    assert.deepEqual(await positions(), before);
    await waitUntil('each visitor sees the right position', () =>
      queue.every(
        ({ callId, client }) =>
          client.view.call?.id === callId &&
          client.view.call.position === before.indexOf(callId) + 1,
      ),
    );
    await waitUntil('each call goes on', () =>
      calls.every(
        ([visitor, desk]) =>
          visitor.view.call?.state === 'connected' &&
          activeLeg(desk.view)?.call.state === 'connected',
      ),
    );
    const sum = (count: 'attempts' | 'returns') =>
      clients.reduce((all, client) => all + client[count], 0);
    assert.ok(sum('attempts') <= 2 * sum('returns'), `${sum('attempts')} attempts`);
    // One snapshot for each reconnect, and a few for those who see it. One for each client would be 300 times as many.
    const shown = (await metric('rtc_desk_messages_sent_total{type="snapshot"}')) - snapshots;
    assert.ok(shown <= 3 * sum('returns'), `${shown} snapshots`);
    await waitUntil('no handshake and no unsent byte is left', async () => {
      const waiting = ['sockets{role="handshaking"}', 'socket_buffered_bytes'];
      const left = await Promise.all(waiting.map((name) => metric(`rtc_desk_${name}`)));
      return left.every((count) => count === 0);
    });
    assert.equal(await metric('rtc_desk_slow_readers_total'), 0);
    assert.equal(await metric('rtc_desk_sockets_closed_total{code="4429"}'), 0);
    // No client is counted twice: the connections of the first sockets are gone.
    await waitUntil('each client has one connection', async () => {
      const { rows } = await database.query<{ n: number }>(
        'select count(*)::int as n from connections',
      );
      return rows[0]?.n === clients.length;
    });
    assert.equal(await metric('rtc_desk_sockets{'), clients.length);
  });
});

interface Hello {
  readonly role: 'visitor';
  readonly site: string;
  readonly resume: string;
}
