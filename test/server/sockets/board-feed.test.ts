import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import type { BoardDelivery } from '../../../src/protocol/server-messages.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { endAgentSession } from '../../../src/server/identity/agent-session.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { callFrom, deskOf, makeSite, type TestAgent } from '../../support/signaling-server.ts';
import { BoardFeed } from '../../../src/server/sockets/board-feed.ts';

onBothStores((test) => {
  const open: ProtocolClient[] = [];
  after(() => open.forEach((client) => client.cut()));

  const cookie = (token: string) => `__Host-rtc-desk-console=${token}`;

  /** A page of the console whose hello was sent. `origin`: that of the server by default. */
  async function page(token: string, origin = test.server.url): Promise<ProtocolClient> {
    const headers = { cookie: cookie(token) };
    const client = await ProtocolClient.open(test.server.url, { origin, headers });
    open.push(client);
    client.send({ type: 'hello', protocol: 1, role: 'console' });
    return client;
  }

  const setRole = (agent: TestAgent, role: string) =>
    test.server.database.query('update agents set role = $2, password_hash = $3 where id = $1', [
      agent.id,
      role,
      'none',
    ]);

  /** A site whose first agent has the role; the other is an agent. */
  async function siteWith(role: string) {
    const site = await makeSite(test.server.database, 2);
    const [watcher, agent] = site.agents as [TestAgent, TestAgent];
    await setRole(watcher, role);
    return { site, watcher, agent };
  }

  const refusal = async (client: ProtocolClient) => {
    await client.until(() => client.closed !== null, 'close');
    return client.closed;
  };
  const boards = (client: ProtocolClient): BoardDelivery[] =>
    client.messages.filter((message) => message.type === 'board');

  it('sends the whole board once, and then a new call without being asked, in the row that changed', async () => {
    const { site, watcher, agent } = await siteWith('admin');
    const console = await page(watcher.token);
    const first = await console.message('board');
    assert.equal(first.whole, true);
    assert.deepEqual(first.groups.map(({ id }) => id).sort(), ['after-sales', 'pre-sales']);
    assert.deepEqual(first.agents.length, 2);
    const { visitor } = await callFrom(test.server.url, site);
    const changed = await console.message('board', ({ groups }) =>
      groups.some((g) => g.waiting === 1),
    );
    assert.deepEqual([changed.whole, changed.groups.map(({ id }) => id)], [false, ['pre-sales']]);
    assert.ok(changed.rev > first.rev);
    const desk = await deskOf(test.server.url, agent);
    await console.message('board', ({ agents }) =>
      agents.some(({ id, status }) => id === agent.id && status === 'ringing'),
    );
    for (const client of [visitor, desk]) client.cut();
  });

  it('shows a supervisor the own groups and their agents only, and follows a change of them', async () => {
    const { watcher, agent } = await siteWith('supervisor');
    const { database } = test.server;
    const leave = 'delete from memberships where agent_id = $1 and group_id = $2';
    await database.query(leave, [watcher.id, 'after-sales']);
    await database.query(leave, [agent.id, 'pre-sales']);
    const console = await page(watcher.token);
    const first = await console.message('board');
    assert.deepEqual(
      first.groups.map(({ id }) => id),
      ['pre-sales'],
    );
    assert.deepEqual(
      first.agents.map(({ id, groups }) => [id, groups]),
      [[watcher.id, ['pre-sales']]],
    );
    assert.equal(first.flow, null);
    await database.query(leave, [watcher.id, 'pre-sales']);
    database.wake.notify(`agent:${watcher.id}`);
    const left = await console.message('board', ({ gone }) => gone.groups.length > 0);
    assert.deepEqual(left.gone, { groups: ['pre-sales'], agents: [watcher.id] });
  });

  it('refuses an agent, a page of another origin, and somebody without a session', async () => {
    const { site, watcher, agent } = await siteWith('owner');
    await setRole(agent, 'agent');
    assert.deepEqual(await refusal(await page(agent.token)), { code: 4403, reason: 'forbidden' });
    const unauthorized = { code: 4401, reason: 'unauthorized' };
    assert.deepEqual(
      await refusal(await page(watcher.token, 'https://crm.example.com')),
      unauthorized,
    );
    assert.deepEqual(await refusal(await page('A'.repeat(43))), unauthorized);
    assert.ok(site.id);
  });

  it('sends a watcher nothing of another site', async () => {
    const { watcher } = await siteWith('owner');
    const other = await siteWith('owner');
    const console = await page(watcher.token);
    await console.message('board');
    const { visitor } = await callFrom(test.server.url, other.site);
    const theirs = await page(other.watcher.token);
    await theirs.message('board', ({ groups }) => groups.some(({ waiting }) => waiting === 1));
    assert.ok(boards(console).every(({ groups }) => groups.every(({ waiting }) => waiting === 0)));
    visitor.cut();
  });

  it('closes the socket when the session ends, and when the role sees no board any more', async () => {
    const { watcher } = await siteWith('admin');
    const console = await page(watcher.token);
    await console.message('board');
    await endAgentSession(test.server.database, watcher.token, { address: null, isLocal: true });
    assert.deepEqual(await refusal(console), { code: 4401, reason: 'unauthorized' });
    const demoted = (await siteWith('supervisor')).watcher;
    const theirs = await page(demoted.token);
    await theirs.message('board');
    await setRole(demoted, 'agent');
    test.server.database.wake.notify(`agent:${demoted.id}`);
    assert.deepEqual(await refusal(theirs), { code: 4403, reason: 'forbidden' });
  });

  it('answers a command of the console with forbidden', async () => {
    const { watcher } = await siteWith('owner');
    const console = await page(watcher.token);
    await console.message('board');
    await assert.rejects(console.command({ type: 'set-status', status: 'available' }), {
      code: 'forbidden',
    });
  });
});

it('reads nothing while nobody watches, and shares one reading between all watchers of a site', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let statements = 0;
  const query = async () => {
    statements += 1;
    return { rows: [], rowCount: 0 };
  };
  const feed = new BoardFeed({ query } as unknown as Queryable, { warn: assert.fail });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const afterMs = async (ms: number) => {
    t.mock.timers.tick(ms);
    await turn();
  };
  feed.hear(new Set(['call:1', 'matching:acme']));
  feed.refreshAll();
  await afterMs(10_000);
  assert.equal(statements, 0);
  const viewer = {
    role: 'console',
    site: { id: 'acme' },
    agentId: 'jo',
    credential: { kind: 'session', hash: Buffer.alloc(32) },
  } as const;
  const [one, two] = [{}, {}] as [never, never];
  feed.add(one, viewer);
  feed.add(two, viewer);
  await afterMs(0);
  // The site is gone: its reading ends with the first statement.
  assert.equal(statements, 1);
  for (let i = 0; i < 20; i += 1) feed.hear(new Set([`call:${i}` as const]));
  feed.hear(new Set(['matching:other', 'chat:7']));
  await afterMs(1_000);
  assert.equal(statements, 2);
  feed.forget(one);
  feed.hear(new Set(['call:1']));
  feed.forget(two);
  await afterMs(10_000);
  assert.equal(statements, 2);
});
