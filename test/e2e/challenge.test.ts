import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import type { HTTPRequest } from 'puppeteer-core';
import { Turnstile } from '../../src/server/challenges/turnstile.ts';
import { BrowserProfile } from '../support/browser-profile.ts';
import { freshDataDirectory } from '../support/fresh-data-directory.ts';
import { HostSite } from '../support/host-site.ts';
import { listenOnLoopback, type Loopback } from '../support/loopback.ts';
import { press, sees } from '../support/page-actions.ts';
import {
  makeSite,
  startSignalingServer,
  type SignalingServer,
  type TestSite,
} from '../support/signaling-server.ts';
import { TurnstileApi } from '../support/turnstile-api.ts';

const SECRET = '0x4AAAAAAA-secret';
const CLOUDFLARE = 'https://challenges.cloudflare.com';
/** Nothing leaves this machine. */
const ARGS = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];

/** Cloudflare's script as its documents describe it: the widget is a frame of Cloudflare, which gives the token. */
const WIDGET_SCRIPT = `
  window.turnstile = {
    render(place, options) {
      const frame = document.createElement('iframe');
      frame.src = '${CLOUDFLARE}/widget?' + options.sitekey;
      addEventListener('message', ({ origin, data }) => {
        if (origin === '${CLOUDFLARE}') options.callback(data);
      });
      place.append(frame);
      return 'widget';
    },
    remove() {},
  };`;
const WIDGET = `<!doctype html><title>Widget</title><script>parent.postMessage('a token', '*')</script>`;

/** The policies of docs/site-owner.md for the script and for a challenge, for a desk at this host. */
function documentedPolicy(host: string): string {
  const guide = readFileSync('docs/site-owner.md', 'utf8');
  const directives = new Map<string, string>();
  for (const [, line] of guide.matchAll(/^```\n(script-src [^\n]+)\n```$/gm)) {
    for (const directive of line!.split('; ')) {
      const [name = '', ...sources] = directive.split(' ');
      directives.set(name, [directives.get(name) ?? '', ...sources].join(' '));
    }
  }
  assert.ok(directives.get('script-src')?.includes(CLOUDFLARE));
  const policy = [...directives].map(([name, sources]) => `${name} ${sources}`).join('; ');
  return `default-src 'none'; ${policy}; require-trusted-types-for 'script'; trusted-types rtc-desk lit-html`
    .replaceAll('https://desk.example.com', `http://${host}`)
    .replaceAll('wss://desk.example.com', `ws://${host}`);
}

describe('a site with a challenge, on a page with the whole documented policy and the pinned script', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let api: TurnstileApi;
  let server: SignalingServer;
  let desk: Loopback;
  let host: HostSite;
  let site: TestSite;
  let browser: BrowserProfile;

  before(async () => {
    directory = await freshDataDirectory();
    api = await TurnstileApi.open(SECRET);
    server = await startSignalingServer(
      { dataDir: directory.dataDir },
      { challenges: { turnstile: new Turnstile(api.address) } },
    );
    desk = await listenOnLoopback((request, response) => {
      const file = request.url!.replace('/v/1/rtc-desk.js', '/v/1/rtc-desk.pinned.js');
      response.setHeader('access-control-allow-origin', '*');
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(`dist/browser/${file.replace('/v/1/', '')}`));
    }, server.sockets);
    const pinned = readFileSync('dist/browser/rtc-desk.pinned.js');
    const integrity = `sha384-${createHash('sha384').update(pinned).digest('base64')}`;
    site = await makeSite(server.database);
    host = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>Shop</title>
        <script type="module" src="http://${desk.host}/v/1/rtc-desk.js" integrity="${integrity}"
          crossorigin data-site="${site.id}"></script></html>`,
      { 'Content-Security-Policy': documentedPolicy(desk.host) },
    );
    const challenge = { provider: 'turnstile', siteKey: 'site-key', secretKey: SECRET };
    await server.database.query(
      `update sites set origins = array[$2], visitor_check = 'challenge', challenge = $3 where id = $1`,
      [site.id, host.origin, JSON.stringify(challenge)],
    );
    browser = await BrowserProfile.open({ args: ARGS });
  });
  after(async () => {
    await browser?.close();
    await host?.close();
    await server?.stop();
    await desk?.close();
    await api?.close();
    await directory?.remove();
  });

  it('queues a visitor whose answer the server has checked, without a violation', async () => {
    api.tokens.add('a token');
    const asked: string[] = [];
    const answer = (request: HTTPRequest): Promise<void> => {
      const url = request.url();
      if (!url.startsWith(CLOUDFLARE)) return request.continue();
      asked.push(url);
      return url.includes('/widget')
        ? request.respond({ contentType: 'text/html', body: WIDGET })
        : request.respond({ contentType: 'text/javascript', body: WIDGET_SCRIPT });
    };
    const page = await browser.openPage('about:blank');
    await page.setRequestInterception(true);
    page.on('request', (request) => void answer(request));
    await page.goto(host.origin);
    await press(page.mainFrame(), 'Video call');
    await sees(page.mainFrame(), 'You are number 1 in line');
    assert.deepEqual(asked, [
      `${CLOUDFLARE}/turnstile/v0/api.js?render=explicit`,
      `${CLOUDFLARE}/widget?site-key`,
    ]);
    assert.deepEqual(
      api.requests.map(({ response }) => response),
      ['a token'],
    );
    assert.deepEqual(browser.complaints, []);
  });
});
