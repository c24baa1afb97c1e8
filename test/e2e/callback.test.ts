import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { signInDemoAgent } from '../support/agent-session.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  accept,
  find,
  gone,
  press,
  seesAndHears,
  sees,
  signIn,
  type,
} from '../support/page-actions.ts';

const FLOW = {
  schema: 1,
  start: 's',
  nodes: {
    s: { type: 'start', next: { next: 'c' } },
    c: { type: 'callback', group: 'after-sales', next: { done: 'e', refused: 'e' } },
    e: { type: 'end' },
  },
};

describe('a callback', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  before(async () => {
    server = await DeskProcess.start();
    const { token } = await signInDemoAgent(server.url, 'olivia');
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'if-match': '*',
    };
    const flow = `${server.url}/api/v1/flows/back`;
    const body = JSON.stringify({ name: 'Back', document: FLOW });
    assert.equal((await fetch(flow, { method: 'PUT', headers, body })).status, 200);
    const published = await fetch(`${flow}/publish`, {
      method: 'POST',
      headers: { authorization: headers.authorization, 'if-match': '*' },
    });
    assert.equal(published.status, 200);
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  /** Asks for a callback on the demo's page. Resolves to the visitor's page and the link. */
  async function ask(): Promise<{ visitor: Frame; link: string }> {
    const visitor = await browsers.visitor(server.url);
    await visitor.evaluate(() => {
      const button = document.querySelector('video-call-button')!;
      // With a skill no flow is run.
      button.removeAttribute('skill');
      button.setAttribute('flow', 'back');
    });
    await press(visitor, 'Video call');
    await type(visitor, 'Your phone number', '+49 30 1234567');
    await press(visitor, 'Continue');
    await sees(visitor, 'We’ll call you back');
    const anchor = await find(visitor, 'link', 'Your callback: check its status, or cancel it');
    const link = await anchor.evaluate((element) => (element as HTMLAnchorElement).href);
    await press(visitor, 'Close');
    return { visitor, link };
  }

  it('is seen and cancelled by its link, and by no other', async () => {
    const { visitor, link } = await ask();
    assert.match(link, /\/c#[\w-]{43}$/);
    const page = await browsers.tab(visitor, link);
    await find(page, 'group', 'We’ll call you back');
    await press(page, 'Cancel the callback');
    await find(page, 'group', 'This callback is cancelled');
    const wrong = await browsers.tab(visitor, `${link.slice(0, -4)}AAAA`);
    await find(wrong, 'group', 'This link does not work');
    assert.deepEqual(
      browsers.complaints(visitor).filter((line) => !/401/.test(line)),
      [],
    );
  });

  it('rings on a page of the site once the agent is there, and brings both together', async () => {
    const { visitor } = await ask();
    const desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    await accept(desk);
    await visitor.page().reload();
    await find(visitor, 'alertdialog', 'Your agent is here');
    await press(visitor, 'Join the call');
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
    await gone(visitor, 'alertdialog', 'Your agent is here');
    await press(desk, 'End call');
    await sees(visitor, 'The agent ended the call.');
  });
});
