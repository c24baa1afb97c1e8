import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { TENCENT_HOSTS } from '../../src/server/http/tencent-hosts.ts';
import { BrowserProfile } from '../support/browser-profile.ts';

const CLOUD = TENCENT_HOSTS.join(' ');

const SCRIPT = (sdk: string) => `
  const refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    refused.push(event.effectiveDirective + ' ' + new URL(event.blockedURI).host);
  });
  const { default: TIM } = await import('/chunks/${sdk}');
  const client = TIM.create({ SDKAppID: 1400000000 });
  client.login({ userID: 'somebody', userSig: 'x' }).catch(() => {});
  // Violations are told of in a task of their own, after the socket that was refused has closed.
  await new Promise((resolve) => setTimeout(resolve));
  await client.destroy().catch(() => {});
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  window.refused = refused;
`;

describe('the SDK of Tencent IM, as it is built', () => {
  const sdk = readdirSync('dist/browser/chunks').find((name) => /^tim-sdk-.*\.js$/.test(name))!;
  let server: Server;
  let browser: BrowserProfile;

  before(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url!, 'http://127.0.0.1');
      if (url.pathname.endsWith('.js')) {
        response.setHeader('content-type', 'text/javascript');
        const chunk = url.pathname === `/chunks/${sdk}`;
        return void response.end(chunk ? readFileSync(`dist/browser/chunks/${sdk}`) : SCRIPT(sdk));
      }
      response.setHeader('content-type', 'text/html');
      response.setHeader(
        'content-security-policy',
        `default-src 'none'; script-src 'self'; connect-src 'self' ${url.searchParams.get('connect') ?? ''};` +
          `require-trusted-types-for 'script'`,
      );
      response.end(
        '<!doctype html><title>Page</title><script type="module" src="/page.js"></script>',
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Nothing leaves this machine.
    browser = await BrowserProfile.open({
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
  });
  after(async () => {
    await browser?.close();
    server.closeAllConnections();
    server.close();
  });

  async function refusedUnder(connect: string): Promise<string[]> {
    const { port } = server.address() as AddressInfo;
    const query = new URLSearchParams({ connect });
    const page = await browser.openPage(`http://127.0.0.1:${port}/?${query}`);
    const refused = await page.waitForFunction(
      () => (window as unknown as { refused?: string[] }).refused,
    );
    return (await refused.jsonValue())!;
  }

  it('runs under a strict policy and trusted types, where only its cloud is out of reach', async () => {
    const refused = await refusedUnder('');
    assert.ok(refused.length > 0);
    for (const what of refused) assert.match(what, /^connect-src [\w.]+$/);
    assert.deepEqual(
      browser.complaints.filter((text) => text.startsWith('exception')),
      [],
    );
  });

  it('is refused nothing where the policy names its hosts', async () => {
    assert.deepEqual(await refusedUnder(CLOUD), []);
  });
});
