import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, meet, press, signIn } from '../support/page-actions.ts';

describe('a flow on the demo’s page', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  before(async () => {
    server = await DeskProcess.start();
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('asks first, keeps its step over a reload, and brings the call to the group of the answer', async () => {
    const visitor = await browsers.visitor(server.url);
    const desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    await visitor.evaluate(() => {
      const button = document.querySelector('video-call-button')!;
      // With a skill no flow is run.
      button.removeAttribute('skill');
      button.setAttribute('flow', 'help');
    });
    await press(visitor, 'Video call');
    await find(visitor, 'group', 'What is it about?');
    await visitor.page().reload();
    await press(visitor, 'Report a fault');
    const card = await find(desk, 'alertdialog', 'Incoming call');
    assert.match(await card.evaluate((element) => element.textContent), /After-sales/);
    await meet(desk, visitor);
  });
});
