import assert from 'node:assert/strict';
import { request, type IncomingMessage } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { pino } from 'pino';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  callFrom,
  deskOf,
  makeSite,
  newResume,
  startSignalingServer,
  type SignalingServer,
  type SignalingServerOptions,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('a node under load', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let server: SignalingServer | null = null;

  before(async () => {
    directory = await freshDataDirectory();
  });
  afterEach(async () => {
    await server?.stop();
    server = null;
  });
  after(() => directory?.remove());

  async function start(options: SignalingServerOptions): Promise<SignalingServer> {
    server = await startSignalingServer({ dataDir: directory.dataDir }, options);
    return server;
  }

  /** Sends an upgrade. Status 101 means an open socket. */
  async function upgrade(url: string, headers: Record<string, string> = {}) {
    const asked = request(`${url}/ws`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
        ...headers,
      },
    });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('upgrade', resolve);
      asked.once('response', resolve);
      asked.once('error', reject);
      asked.end();
    });
    const { statusCode, headers: answered } = answer;
    return {
      status: statusCode,
      retryAfter: answered['retry-after'],
      leave: () => answer.socket.destroy(),
    };
  }

  it('refuses a socket too many of an address at the upgrade, and lets it in when another has ended', async () => {
    const { url } = await start({ limits: { sockets: 100, socketsPerAddress: 3 } });
    const open = [await upgrade(url), await upgrade(url), await upgrade(url)];
    assert.deepEqual(
      open.map(({ status }) => status),
      [101, 101, 101],
    );
    const fourth = await upgrade(url);
    assert.equal(fourth.status, 429);
    assert.ok(Number(fourth.retryAfter) > 0);
    for (const { leave } of open) leave();
    let again: Awaited<ReturnType<typeof upgrade>> | null = null;
    await waitUntil('it is let in', async () => (again = await upgrade(url)).status === 101);
    (again as { leave(): void } | null)?.leave();
  });

  it('refuses every socket when it is full', async () => {
    const { url } = await start({ limits: { sockets: 1, socketsPerAddress: 3 } });
    const first = await upgrade(url);
    const second = await upgrade(url);
    assert.deepEqual([first.status, second.status, second.retryAfter], [101, 503, '10']);
    first.leave();
  });

  it('counts clients behind a named proxy by their addresses, a /64 of IPv6 as one, and trusts no other proxy', async () => {
    const limits = { sockets: 100, socketsPerAddress: 1 };
    const behind = (address: string) => ({ 'x-forwarded-for': address });
    const trusting = await start({ limits, trustProxy: ['loopback'] });
    const open = [
      await upgrade(trusting.url, behind('198.51.100.1')),
      await upgrade(trusting.url, behind('198.51.100.2')),
      await upgrade(trusting.url, behind('2001:db8:1:2::1')),
      await upgrade(trusting.url, behind('2001:db8:1:2:3:4:5:6')),
      // What the client itself wrote stands before the proxy's entry, and changes nothing.
      await upgrade(trusting.url, behind('203.0.113.77, 198.51.100.1')),
    ];
    assert.deepEqual(
      open.map(({ status }) => status),
      [101, 101, 101, 429, 429],
    );
    for (const { leave } of open) leave();
    await trusting.stop();

    const log: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) });
    const { url } = await start({ limits, logger });
    const spoofed = [
      await upgrade(url, behind('198.51.100.1')),
      await upgrade(url, behind('198.51.100.2')),
    ];
    assert.deepEqual(
      spoofed.map(({ status }) => status),
      [101, 429],
    );
    for (const { leave } of spoofed) leave();
    assert.equal(log.filter((line) => line.includes('TRUST_PROXY')).length, 1, 'said once');
  });

  it('refuses a visitor too many of a site, and never its agents', async () => {
    const { url, database } = await start({});
    const [site, other] = [await makeSite(database), await makeSite(database)];
    await database.query('update sites set socket_limit = 2 where id = $1', [site.id]);
    const hello = { role: 'visitor', site: site.id } as const;
    const inside = [await ProtocolClient.join(url, hello), await ProtocolClient.join(url, hello)];
    const third = await ProtocolClient.open(url);
    third.hello(hello);
    assert.deepEqual(await third.waitForClose(), { code: 4429, reason: 'rate-limited' });
    const error = await third.message('error');
    assert.equal(error.retryAfter, 10);
    const elsewhere = await ProtocolClient.join(url, { role: 'visitor', site: other.id });
    const desk = await deskOf(url, site.agents[0], 'break');
    await inside[0]?.close();
    const next = await ProtocolClient.join(url, hello);
    for (const client of [...inside.slice(1), elsewhere, desk, next]) await client.close();
  });

  it('refuses a call too many of an address on a site, and lets it in when another has ended', async () => {
    const { url, database } = await start({});
    const site = await makeSite(database);
    await database.query('update sites set calls_per_address = 2 where id = $1', [site.id]);
    const first = await callFrom(url, site);
    const second = await callFrom(url, site);
    const third = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    const ask = () => third.command({ type: 'request-call', resume: newResume(), params: {} });
    await assert.rejects(ask(), (error: RtcDeskError) => error.code === 'rate-limited');
    const refused = await third.message('result', ({ ok }) => !ok);
    assert.ok(!refused.ok && refused.retryAfter === 15);
    await first.visitor.command({ type: 'end-call', callId: first.callId });
    await ask();
    const { rows } = await database.query<{ addresses: string }>(
      `select string_agg(c::text, ' ') as addresses from calls c where site_id = $1`,
      [site.id],
    );
    assert.doesNotMatch(rows[0]?.addresses ?? '', /127\.0\.0\.1/, 'no address is stored');
    for (const { visitor } of [first, second]) await visitor.close();
    await third.close();
  });
});
