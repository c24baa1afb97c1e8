import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { Turnstile } from '../../../src/server/challenges/turnstile.ts';
import { withCode } from '../../support/error-code.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import {
  makeSite,
  newResume,
  startSignalingServer,
  type SignalingServer,
  type TestSite,
} from '../../support/signaling-server.ts';
import { TurnstileApi } from '../../support/turnstile-api.ts';

const SECRET = '0x4AAAAAAA-secret';

describe('a site that demands a challenge', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let api: TurnstileApi;
  let server: SignalingServer;
  const log: string[] = [];

  before(async () => {
    directory = await freshDataDirectory();
    api = await TurnstileApi.open(SECRET);
    server = await startSignalingServer(
      { dataDir: directory.dataDir },
      {
        challenges: { turnstile: new Turnstile(api.address) },
        logger: pino({ level: 'warn' }, { write: (line: string) => void log.push(line) }),
      },
    );
  });
  afterEach(() => {
    api.broken = null;
  });
  after(async () => {
    await server?.stop();
    await api?.close();
    await directory?.remove();
  });

  async function guarded(): Promise<TestSite> {
    const site = await makeSite(server.database);
    await server.database.query(
      `update sites set visitor_check = 'challenge', challenge = $2 where id = $1`,
      [site.id, JSON.stringify({ provider: 'turnstile', siteKey: 'site-key', secretKey: SECRET })],
    );
    return site;
  }
  const join = ({ id }: TestSite) => ProtocolClient.join(server.url, { role: 'visitor', site: id });
  const request = (
    client: Awaited<ReturnType<typeof join>>,
    challenge?: string,
    resume = newResume(),
  ) =>
    client.command({ type: 'request-call', resume, params: {}, ...(challenge && { challenge }) });

  it('shows visitors the public key, and nobody the secret', async () => {
    const site = await guarded();
    const client = await join(site);
    assert.deepEqual(client.view.site.challenge, { provider: 'turnstile', siteKey: 'site-key' });
    assert.doesNotMatch(client.frames.join(), new RegExp(SECRET));
    const other = await makeSite(server.database);
    const free = await join(other);
    assert.equal(free.view.site.challenge, undefined);
    await Promise.all([client.close(), free.close()]);
  });

  it('queues no call without a right answer, and one with it', async () => {
    const client = await join(await guarded());
    await assert.rejects(request(client), withCode('challenge-required'));
    await assert.rejects(request(client, 'made up'), withCode('challenge-required'));
    assert.equal(client.view.call, null);
    api.tokens.add('good');
    const resume = newResume();
    const { callId } = await request(client, 'good', resume);
    // Sent again, as after a lost result: the same call.
    assert.deepEqual(await request(client, 'good', resume), { callId });
    const second = await join(await guarded());
    await assert.rejects(request(second, 'good'), withCode('challenge-required'));
    await Promise.all([client.close(), second.close()]);
  });

  it('lets nobody in while the service cannot be asked, and logs that without the secret', async () => {
    const client = await join(await guarded());
    api.tokens.add('unlucky');
    api.broken = (response) => void response.writeHead(500).end();
    await assert.rejects(request(client, 'unlucky'), withCode('server-error'));
    assert.match(log.join(''), /could not be verified/);
    assert.doesNotMatch(log.join(''), new RegExp(`${SECRET}|unlucky`));
    api.broken = null;
    await request(client, 'unlucky');
    await client.close();
  });

  it('asks the service nothing for a site without a challenge', async () => {
    const client = await join(await makeSite(server.database));
    const before = api.requests.length;
    await request(client, 'anything');
    assert.equal(api.requests.length, before);
    await client.close();
  });
});
