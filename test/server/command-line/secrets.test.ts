import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { AgentView } from '../../../src/protocol/views.ts';
import { DeskCommand } from '../../support/desk-command.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { TEST_TRTC_ENVIRONMENT } from '../../support/test-trtc.ts';
import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { ENTERED, signedCallback } from '../../support/trtc-callback.ts';

const APP = '1400000123';
const SECRETS = {
  TRTC_SECRET_KEY: `trtc-${randomBytes(24).toString('hex')}`,
  TRTC_CALLBACK_KEY: randomBytes(16).toString('hex'),
  TENCENTCLOUD_SECRET_ID: `AKID${randomBytes(16).toString('hex')}`,
  TENCENTCLOUD_SECRET_KEY: `cloud-${randomBytes(16).toString('hex')}`,
  RTC_DESK_SECRET: randomBytes(32).toString('hex'),
  TURN_SECRET: `turn-${randomBytes(16).toString('hex')}`,
};

const SETTINGS = {
  ...TEST_TRTC_ENVIRONMENT,
  TRTC_SDK_APP_ID: APP,
  TURN_URLS: 'turn:turn.example.com',
  ...SECRETS,
};

/** The secret that the text contains in any usual encoding; null for none. */
function leakIn(text: string): string | null {
  for (const [name, secret] of Object.entries(SECRETS)) {
    for (const form of ['utf8', 'base64', 'hex'] as const) {
      const encoded = Buffer.from(secret).toString(form).replace(/=+$/, '');
      if (text.includes(encoded)) return `${name} as ${form}`;
    }
  }
  return null;
}

interface Routes {
  readonly paths: Record<string, Record<string, unknown>>;
}

describe('the secrets of the settings', () => {
  let command: DeskCommand;
  let remove: () => Promise<void>;
  let url: string;
  /** Everything that the server answered. */
  const said: string[] = [];

  before(async () => {
    const directory = await freshDataDirectory();
    remove = directory.remove;
    command = new DeskCommand(['serve', '--demo', '--port', '0', '--data-dir', directory.dataDir], {
      LOG_LEVEL: 'trace',
      ...SETTINGS,
    });
    url = await command.listening();
  });
  after(async () => {
    await command?.dispose();
    await remove?.();
  });

  async function ask(method: string, path: string, headers: Record<string, string>, body?: string) {
    const response = await fetch(url + path, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    const head = JSON.stringify([...response.headers]);
    const text = await response.text();
    said.push(head, text);
    return { status: response.status, text };
  }

  it('are in no answer of any route', async () => {
    const { text } = await ask('GET', '/api/v1/openapi.json', {});
    const routes = Object.entries((JSON.parse(text) as Routes).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    assert.ok(routes.length >= 8, `${routes.length} routes`);
    const json = { 'content-type': 'application/json' };
    for (const [method, path] of routes) {
      const address = path.replace(/\{\w+\}/g, '1');
      const body = method === 'POST' ? '{"a":1}' : undefined;
      await ask(method, address, { ...json, authorization: 'Bearer nonsense' }, body);
    }
    const pages = ['/', '/demo/', '/desk', '/rtc-desk.js', '/healthz', '/readyz', '/metrics'];
    for (const path of [...pages, '/api/v1/desk-config', '/nowhere', '/%', '/.env', '/../.env']) {
      await ask('GET', path, {});
    }
    const info = { RoomId: 5, EventMsTs: 1, UserId: 'u' };
    const { TRTC_CALLBACK_KEY: key } = SECRETS;
    const { body, headers } = signedCallback(key, Number(APP), { type: ENTERED, info });
    assert.equal((await ask('POST', '/hooks/trtc', { ...json, ...headers }, body)).status, 200);
    assert.equal((await ask('POST', '/hooks/trtc', json, body)).status, 401);
    const large = 'x'.repeat(20_000);
    assert.equal((await ask('POST', '/hooks/trtc', json, large)).status, 413);
    assert.equal(said.map(leakIn).find(Boolean), undefined);
  });

  it('are in no frame of a call’s sockets, also not in tickets and errors', async () => {
    const visitor = await ProtocolClient.join(url, { role: 'visitor', site: 'demo' });
    const { text } = await ask(
      'POST',
      '/api/v1/agent-sessions',
      { 'content-type': 'application/json' },
      JSON.stringify({ username: 'alice', password: 'demo' }),
    );
    const { token } = JSON.parse(text) as { token: string };
    const agent = await ProtocolClient.join(url, { role: 'agent', token });
    await agent.command({ type: 'set-status', status: 'available' });
    const resume = randomBytes(32).toString('base64url');
    await visitor.command({ type: 'request-call', resume, params: {} });
    const offer = offeredLeg(await agent.waitFor(offeredLeg));
    await agent.command({ type: 'accept-offer', legId: offer?.id ?? '' });
    const ticketOf = (view: AgentView) => activeLeg(view)?.rooms[0]?.ticket;
    const ticket = ticketOf(await agent.waitFor(ticketOf));
    assert.ok(ticket?.media.provider === 'trtc');
    const { room, participant } = ticket;
    const renewed = await agent.command({ type: 'renew-ticket', room, participant });
    assert.equal(renewed.participant, participant);
    await agent.command({ type: 'enter-room', room, participant });
    await agent.command({ type: 'fall-back', room, participant });
    await agent.waitFor((view) => ticketOf(view)?.media.provider === 'mesh');
    for (const nonsense of ['{', '{"type":"fall-back","id":"1"}']) visitor.sendRaw(nonsense);
    await visitor.message('error');
    const frames = [...visitor.frames, ...agent.frames];
    assert.equal(frames.map(leakIn).find(Boolean), undefined);
    await Promise.all([visitor.close(), agent.close()]);
  });

  it('are not logged or printed, also not at the level trace', async () => {
    command.kill('SIGTERM');
    assert.equal(await command.ended(), 0, command.stderr);
    const { stdout, stderr } = command;
    assert.match(stderr, /"level":(10|20)/);
    assert.equal(leakIn(stdout + stderr), null);
  });

  it('are not in the message about a wrong setting', async () => {
    for (const wrong of [
      { TRTC_SDK_APP_ID: 'nonsense' },
      { TENCENTCLOUD_REGION: 'nonsense!' },
      { TRTC_CALLBACK_KEY: `${SECRETS.TRTC_CALLBACK_KEY}!` },
    ]) {
      const refused = new DeskCommand(['serve', '--port', '0'], {
        ...SETTINGS,
        ...wrong,
      });
      assert.equal(await refused.ended(), 1);
      assert.match(refused.stderr, /^rtc-desk: (TRTC|TENCENTCLOUD)_/);
      assert.equal(leakIn(refused.stderr), null, refused.stderr);
    }
  });
});
