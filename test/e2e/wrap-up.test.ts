import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { signInDemoAgent } from '../support/agent-session.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, meet, press, sees, signIn, type, watches } from '../support/page-actions.ts';

describe('a call whose group requires a disposition', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let desk: Frame;
  let visitor: Frame;

  before(async () => {
    server = await DeskProcess.start();
    const { token } = await signInDemoAgent(server.url, 'olivia');
    for (const group of ['pre-sales', 'after-sales']) {
      const { status } = await fetch(`${server.url}/api/v1/groups/${group}`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'if-match': '*',
        },
        body: JSON.stringify({ dispositionRequired: true }),
      });
      assert.equal(status, 200);
    }
    desk = await browsers.person(`${server.url}/desk/demo?lang=en`);
    visitor = await browsers.visitor(server.url);
    await signIn(desk, 'alice');
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('is wrapped up with a disposition and notes, and not without', async () => {
    await press(visitor, 'Video call');
    await meet(desk, visitor);
    await watches(desk, 'Visitor');
    await press(visitor, 'Leave call');
    await press(desk, 'Finish wrap-up');
    await sees(desk, 'Choose a disposition before you finish the wrap-up.');
    const choice = await find(desk, 'combobox', 'Disposition');
    await choice.select('fuse');
    await type(desk, 'Notes', 'The fuse was replaced.');
    await press(desk, 'Finish wrap-up');
    await sees(desk, 'Fuse');
  });

  it('is opened from the list of today', async () => {
    const row = await desk.waitForSelector('>>> rtc-today-list >>> button.row');
    await row!.click();
    await sees(desk, 'The fuse was replaced.');
  });

  it('is seen in the console with its disposition and note', async () => {
    const owner = await browsers.person(`${server.url}/admin/calls?lang=en`);
    await type(owner, 'Username', 'olivia');
    await type(owner, 'Password', 'demo');
    await press(owner, 'Sign in');
    await sees(owner, 'Fuse');
    const row = await owner.waitForSelector('>>> a[href^="/admin/calls/"]');
    await row!.click();
    await sees(owner, 'The fuse was replaced.');
  });

  it('leaves nothing on the console of either side', () => {
    assert.deepEqual(browsers.complaints(visitor), []);
    assert.deepEqual(browsers.complaints(desk), []);
  });
});
