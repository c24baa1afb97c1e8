import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { findFirefox } from '../support/firefox.ts';
import { listenOnLoopback, type Loopback } from '../support/loopback.ts';

const files = readdirSync('dist/browser/chunks', { recursive: true }).map(String);
/** The file of a chunk in the folder of the chunks. */
const fileOf = (chunk: string) =>
  files.find((file) => new RegExp(`(^|/)${chunk}(-[\\w-]{8})?\\.js$`).test(file))!;

const ENTRY = readFileSync('dist/browser/rtc-desk.pinned.js');
const INTEGRITY = `sha384-${createHash('sha384').update(ENTRY).digest('base64')}`;

interface Pressed {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}
interface HostWindow {
  /** The number of exports of a chunk, or the code of the failure. */
  load(chunk: string): Promise<number | string>;
  press(): Promise<Pressed>;
  readonly refused: string[];
  readonly changedRan?: boolean;
}
declare const window: Window & HostWindow;

/** Runs in the host's page, as a script of it. */
const PAGE_SCRIPT = (script: string) => `
  import { $l } from '${script}';
  window.refused = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    window.refused.push(effectiveDirective + ' ' + blockedURI);
  });
  window.load = (chunk) =>
    $l(chunk, 1).then((module) => Object.keys(module).length, ({ code }) => code ?? 'no code');
  window.press = () => new Promise((resolve) => {
    const button = document.createElement('video-call-button');
    Object.assign(button, { site: 'shop', lang: 'en' });
    button.addEventListener('call-error', ({ detail }) => resolve(detail));
    document.body.append(button);
    button.call().catch(() => {});
  });`;

const firefox = findFirefox();
const browsers = { Chromium: {}, ...(firefox && { Firefox: { firefox } }) };

for (const [name, options] of Object.entries(browsers)) {
  describe(`the pinned copy of the script in ${name}, on a page with a strict policy`, () => {
    let desk: Loopback;
    let host: Loopback;
    let browser: BrowserProfile;
    let page: Page;
    /** Chunks that the server has changed. */
    const changed = new Set<string>();
    /** Chunks that the server does not serve under their plain addresses. */
    const failing = new Set<string>();
    let requests: string[] = [];

    before(async () => {
      desk = await listenOnLoopback((request, response) => {
        const { pathname, search } = new URL(request.url!, 'http://desk');
        const file = pathname.replace('/v/1/chunks/', '');
        requests.push(file + (search && '?'));
        response.setHeader('access-control-allow-origin', '*');
        response.setHeader('content-type', 'text/javascript');
        if (pathname === '/v/1/rtc-desk.js') return void response.end(ENTRY);
        if (failing.has(file) && !search) return void response.writeHead(503).end();
        const content = readFileSync(`dist/browser/chunks/${file}`, 'utf8');
        response.end(changed.has(file) ? `window.changedRan=true;${content}` : content);
      });
      const script = `http://${desk.host}/v/1/rtc-desk.js`;
      host = await listenOnLoopback((request, response) => {
        if (request.url === '/page.js') {
          response.setHeader('content-type', 'text/javascript');
          return void response.end(PAGE_SCRIPT(script));
        }
        response.setHeader('content-type', 'text/html');
        response.setHeader(
          'content-security-policy',
          `default-src 'none'; script-src http://${desk.host} 'self'; connect-src http://${desk.host}; ` +
            `img-src 'self'; require-trusted-types-for 'script'`,
        );
        response.end(`<!doctype html><title>Shop</title><body>
          <script type="module" src="${script}" integrity="${INTEGRITY}" crossorigin></script>
          <script type="module" src="/page.js"></script>`);
      });
      browser = await BrowserProfile.open(options);
    });
    after(async () => {
      await browser?.close();
      await host?.close();
      await desk?.close();
    });

    async function open(): Promise<void> {
      requests = [];
      page = await browser.openPage(`http://${host.host}/`);
    }
    afterEach(async () => {
      changed.clear();
      failing.clear();
      await page.close();
    });

    const load = (chunk: string) => page.evaluate((file) => window.load(file), fileOf(chunk));
    const ran = () => page.evaluate(() => window.changedRan ?? false);

    it('loads chunks with the hashes of the build, each once, and those that they import', async () => {
      await open();
      for (const chunk of ['call', 'define-chat', 'tim-upload', 'vision_wasm_internal', 'call']) {
        assert.ok(Number(await load(chunk)) > 0, chunk);
      }
      const loaded = requests.filter((file) => file.endsWith('.js'));
      assert.equal(new Set(loaded).size, loaded.length, loaded.join(', '));
      assert.ok(loaded.includes(fileOf('time-texts')));
      assert.deepEqual(await page.evaluate(() => window.refused), []);
    });

    it('refuses a changed call with a code and a text, and does not run it', async () => {
      changed.add(fileOf('call'));
      await open();
      const { code, message, hint } = await page.evaluate(() => window.press());
      assert.equal(code, 'script-changed');
      assert.equal(message, 'The video call could not be loaded.');
      assert.equal(hint, '');
      assert.equal(await ran(), false);
    });

    it('refuses a chunk that imports a changed one, and a changed list of hashes', async () => {
      await open();
      await load('call');
      changed.add(fileOf('time-texts'));
      assert.equal(await load('define-chat'), 'script-changed');
      changed.clear();
      await page.close();
      await open();
      await load('call');
      changed.add(files.find((file) => /^hashes-\w+\.js$/.test(file))!);
      assert.equal(await load('translation'), 'script-changed');
      assert.equal(await ran(), false);
    });

    it('loads a chunk from another address after a failure, and tells a failure from a change', async () => {
      await open();
      await load('call');
      failing.add(fileOf('screen-capture'));
      assert.ok(Number(await load('screen-capture')) > 0);
      assert.ok(requests.at(-1)!.endsWith('?'), requests.join(', '));
      changed.add(fileOf('error-texts'));
      failing.add(fileOf('error-texts'));
      assert.equal(await load('error-texts'), 'script-changed');
      assert.equal(await ran(), false);
      await page.close();
      await open();
      failing.add(fileOf('call'));
      assert.equal((await page.evaluate(() => window.press())).code, 'offline');
    });
  });
}
