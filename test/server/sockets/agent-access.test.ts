import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { SignJWT } from 'jose';
import { disableAgents, notifyDisabled } from '../../../src/server/agents/disable-agents.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { endAgentSession } from '../../../src/server/identity/agent-session.ts';
import { readAccess } from '../../../src/server/identity/read-access.ts';
import { rotateSiteSecret } from '../../../src/server/identity/rotate-site-secret.ts';
import { siteSecret } from '../../../src/server/identity/site-secret.ts';
import { AgentAccess } from '../../../src/server/sockets/agent-access.ts';
import type { Connection } from '../../../src/server/sockets/connection.ts';
import { offeredLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient, type AgentClient } from '../../support/protocol-client.ts';
import { callFrom, deskOf, makeSite, TEST_KEY } from '../../support/signaling-server.ts';

const FROM = { address: null, isLocal: true };
const ENDED = { code: 4401, reason: 'unauthorized' };
const actor = { kind: 'operator', name: 'root' } as const;

/** A token of the site's backend. `exp`: so many seconds ahead. */
function jwt(site: string, username: string, exp: number, version = 1): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: site, aud: 'rtc-desk-agent', sub: username, exp: now + exp };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(siteSecret(TEST_KEY, site, version)));
}

/** Whether the socket still answers commands. */
const answers = (desk: AgentClient) => desk.command({ type: 'set-status', status: 'break' });

test('a notice of an agent or of a secret closes the sockets whose sign-in counts no more, at once', async () => {
  const closed: string[] = [];
  const connection = (id: string) => {
    const close = (code: number): void => void closed.push(`${id} ${code}`);
    return { id, close } as unknown as Connection;
  };
  let valid = ['a', 'b', 'c'];
  const query = async () => ({
    rows: valid.map((id) => ({ connection: id, left: 60_000 })),
    rowCount: valid.length,
  });
  const access = new AgentAccess({ query } as unknown as Queryable, (error) =>
    assert.fail(String(error)),
  );
  const credential = { kind: 'session', hash: Buffer.alloc(32) } as const;
  const [a, b, c] = ['a', 'b', 'c'].map(connection) as [Connection, Connection, Connection];
  access.add(a, { agentId: 'jo', siteId: 'acme', credential });
  access.add(b, { agentId: 'jo', siteId: 'acme', credential });
  access.add(c, { agentId: 'kim', siteId: 'acme', credential });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  assert.deepEqual(closed, []);
  valid = ['b'];
  access.handleWake(new Set(['sessions:jo']));
  await turn();
  assert.deepEqual(closed, ['a 4401'], 'the other agent was not asked about');
  access.handleWake(new Set(['secret:acme']));
  await turn();
  assert.deepEqual(closed, ['a 4401', 'a 4401', 'c 4401']);
  for (const one of [a, b, c]) access.delete(one);
});

test('a sign-in ends at its expiry, unless it was renewed', async (t) => {
  const closed: string[] = [];
  const connection = (id: string) =>
    ({ id, close: () => void closed.push(id) }) as unknown as Connection;
  let left = 5_000;
  const query = async (_: string, [asked]: [string[]]) => ({
    rows: asked.map((id) => ({ connection: id, left })),
    rowCount: asked.length,
  });
  const access = new AgentAccess({ query } as unknown as Queryable, (error) =>
    assert.fail(String(error)),
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const signedIn = () => ({
    agentId: 'jo',
    siteId: 'acme',
    credential: { kind: 'session', hash: Buffer.alloc(32) } as const,
  });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const [ends, renewed] = [connection('ends'), connection('renewed')];
  access.add(ends, signedIn());
  access.add(renewed, signedIn());
  await turn();
  left = 60_000;
  access.add(renewed, signedIn());
  await turn();
  t.mock.timers.tick(4_999);
  assert.deepEqual(closed, []);
  t.mock.timers.tick(1);
  assert.deepEqual(closed, ['ends']);
  access.delete(renewed);
  t.mock.timers.tick(60_000);
  assert.deepEqual(closed, ['ends'], 'a socket that has ended has no timer');
});

onBothStores((bench) => {
  /** With PostgreSQL another node does it. */
  async function onAnotherNode<T>(work: (db: Parameters<typeof endAgentSession>[0]) => Promise<T>) {
    if (bench.kind === 'PGlite') return work(bench.server.database);
    const other = await openDatabase({ dataDir: '', ...bench.store, nodeId: 'another' });
    try {
      return await work(other);
    } finally {
      await other.close();
    }
  }

  test('signing out closes every socket of the session, and no other one', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const [one, two] = [await deskOf(url, site.agents[0]), await deskOf(url, site.agents[0])];
    const colleague = await deskOf(url, site.agents[1]);
    await onAnotherNode((db) => endAgentSession(db, site.agents[0]?.token ?? '', FROM));
    assert.deepEqual(await one.waitForClose(), ENDED);
    assert.deepEqual(await two.waitForClose(), ENDED);
    await answers(colleague);
  });

  test('disabling an agent closes the sockets, also that of a backend’s token, and gives the call that rings to somebody else', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const desk = await deskOf(url, site.agents[0]);
    const { visitor } = await callFrom(url, site);
    await desk.waitFor(offeredLeg);
    const token = await jwt(site.id, site.agents[0]?.username ?? '', 600);
    const byToken = await ProtocolClient.join(url, { role: 'agent', token });
    const colleague = await deskOf(url, site.agents[1]);
    await onAnotherNode(async (db) => {
      const disabled = await db.transaction((tx) => disableAgents(tx, [site.agents[0]?.id ?? '']));
      await notifyDisabled(db, disabled);
    });
    assert.deepEqual(await desk.waitForClose(), ENDED);
    assert.deepEqual(await byToken.waitForClose(), ENDED);
    await colleague.waitFor(offeredLeg);
    assert.equal(visitor.closed, null);
  });

  test('another secret closes the sockets of tokens that the old one signed, after the overlap', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const token = await jwt(site.id, site.agents[0]?.username ?? '', 600);
    const desk = await ProtocolClient.join(url, { role: 'agent', token });
    const rotate = (overlapSeconds: number) =>
      onAnotherNode((db) =>
        rotateSiteSecret(db, TEST_KEY, { site: site.id, overlapSeconds, actor }),
      );
    await rotate(600);
    await answers(desk);
    await rotate(600);
    assert.deepEqual(await desk.waitForClose(), ENDED);
  });

  test('a sign-in counts for the time until its expiry', async () => {
    const { database } = bench.server;
    const { agents } = await makeSite(database);
    const { id: agentId = '', token = '' } = agents[0] ?? {};
    const hash = createHash('sha256').update(token).digest();
    await database.query(
      `update agent_sessions set expires_at = now() + interval '1 hour' where token_hash = $1`,
      [hash],
    );
    const now = Date.now() / 1000;
    const jwtUntil = (expiresAt: number) => ({ kind: 'jwt', secretVersion: 1, expiresAt }) as const;
    const left = await readAccess(database, [
      { connection: 'session', agentId, credential: { kind: 'session', hash } },
      { connection: 'token', agentId, credential: jwtUntil(now + 3_600) },
      { connection: 'expired', agentId, credential: jwtUntil(now - 1) },
    ]);
    assert.deepEqual([...left.keys()].sort(), ['session', 'token']);
    for (const ms of left.values()) assert.ok(ms > 3_000_000 && ms < 4_200_000, String(ms));
  });

  test('a socket ends with its session, and lives on where a token has renewed the sign-in', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { id = '', username = '' } = site.agents[0] ?? {};
    const [ends, renewed] = [await deskOf(url, site.agents[0]), await deskOf(url, site.agents[0])];
    await renewed.command({ type: 'renew-token', token: await jwt(site.id, username, 600) });
    await onAnotherNode(async (db) => {
      await db.query('update agent_sessions set expires_at = now() where agent_id = $1', [id]);
      db.wake.notify(`sessions:${id}`);
    });
    assert.deepEqual(await ends.waitForClose(), ENDED);
    await answers(renewed);
  });

  test('a token of another agent renews nothing', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const desk = await deskOf(url, site.agents[0]);
    const token = await jwt(site.id, site.agents[1]?.username ?? '', 600);
    await assert.rejects(desk.command({ type: 'renew-token', token }), { code: 'forbidden' });
    await answers(desk);
  });

  test('the desk of one site takes no agent of another', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database), await makeSite(database)];
    const { token = '', username = '' } = site.agents[0] ?? {};
    for (const given of [token, await jwt(site.id, username, 600)]) {
      const client = await ProtocolClient.open(url);
      client.hello({ role: 'agent', token: given, site: other.id });
      assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'forbidden' });
      await (
        await ProtocolClient.join(url, { role: 'agent', token: given, site: site.id })
      ).close();
    }
  });
});
