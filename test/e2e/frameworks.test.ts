import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { buildExamples, FRAMEWORKS } from '../support/build-examples.mjs';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { freePort } from '../support/free-port.ts';
import { listenOnLoopback, type Loopback } from '../support/loopback.ts';
import {
  accept,
  find,
  gone,
  leaveForGood,
  press,
  sees,
  setStatus,
  signIn,
  wrapUp,
} from '../support/page-actions.ts';

const PASSWORD = 'copper-kettle-91';
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves the built examples, as a site of its own. */
function serve(folder: string): Promise<Loopback> {
  return listenOnLoopback(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://none');
    const file = join(folder, pathname.endsWith('/') ? `${pathname}index.html` : pathname);
    try {
      const content = await readFile(file);
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' });
      response.end(content);
    } catch {
      response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
    }
  });
}

describe('the examples for frameworks', () => {
  let folder: string;
  let site: Loopback;
  let server: DeskProcess;
  /** One agent for all examples of bundlers. */
  let desk: Frame;
  const desks = new Browsers();
  const browsers = new Browsers();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-examples-'));
    site = await serve(folder);
    const port = await freePort();
    const acme = {
      id: 'acme',
      name: 'Acme',
      origins: [`http://${site.host}`],
      groups: [{ id: 'help', name: 'Help', wrapUpSeconds: 0 }],
      agents: [{ username: 'jo', name: 'Jo Park', password: PASSWORD, groups: ['help'] }],
    };
    [server] = await Promise.all([
      DeskProcess.start({ port, provision: { sites: [acme] } }),
      buildExamples({ desk: `http://localhost:${port}`, folder }),
    ]);
    desk = await desks.desk(server.url, {}, 'acme');
    await signIn(desk, 'jo', PASSWORD);
  });
  afterEach(async (test) => {
    await desks.report(test);
    await browsers.close(test);
  });
  after(async () => {
    await desks.close();
    await server?.dispose();
    await site?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The button's text came from a slot, the place from an event, and the agent gets the property `params`. */
  async function lives(visitor: Frame, agent: Frame): Promise<void> {
    await setStatus(agent, 'On break');
    await find(visitor, 'heading', 'Help with meter METER-0042');
    await press(visitor, 'Show us the meter');
    await sees(visitor, 'Your place in line: 1');
    await sees(agent, 'METER-0042');
    await setStatus(agent, 'Available');
    await accept(agent);
    await find(visitor, 'toolbar', 'Call controls');
    await find(agent, 'toolbar', 'Call controls');
    await leaveForGood(visitor);
    await sees(visitor, 'The call is over: visitor-ended');
    await gone(agent, 'toolbar', 'Call controls');
    assert.deepEqual(browsers.complaints(visitor), []);
  }

  for (const name of FRAMEWORKS) {
    it(`make a call from a page of ${name}`, async () => {
      await lives(await browsers.person(`http://${site.host}/${name}/`), desk);
    });
  }

  it('make a call from a page without a framework', async () => {
    const alice = await browsers.desk(server.url);
    await signIn(alice, 'alice');
    await lives(await browsers.person(`${server.url}/demo/frameworks/html/`), alice);
    await wrapUp(alice);
  });
});
