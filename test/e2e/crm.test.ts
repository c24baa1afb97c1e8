import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  deskFrame,
  find,
  leaveForGood,
  meet,
  press,
  sees,
  setStatus,
  shows,
  signIn,
  watches,
} from '../support/page-actions.ts';

describe('the desk in a CRM', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let visitor: Frame;
  let crm: Frame;
  let desk: Frame;

  before(async () => {
    server = await DeskProcess.start();
    crm = await browsers.person(`${server.url}/demo/crm/?lang=en`, {
      viewport: { width: 1440, height: 900 },
    });
    desk = await deskFrame(crm.page());
    visitor = await browsers.visitor(server.url);
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it("tells the CRM the agent's status", async () => {
    await signIn(desk, 'bob');
    await sees(crm, 'Desk: available');
  });

  it("opens the customer's card when the call rings", async () => {
    await press(visitor, 'Video call');
    await find(crm, 'heading', 'Clara Whitfield');
    await sees(crm, 'calling now');
    await sees(crm, 'No power at all');
  });

  it('runs the whole call inside the frame, also for a visitor who leaves it by mistake', async () => {
    await meet(desk, visitor);
    await watches(visitor, 'Bob Martin');
    await watches(desk, 'Visitor');
    assert.equal(await shows(crm, 'calling now'), false);
    await press(visitor, 'Leave call');
    await sees(desk, 'The visitor left, and can come back for');
    await press(visitor, 'Back to the call');
    await watches(visitor, 'Bob Martin');
    await leaveForGood(visitor);
    await press(desk, 'Finish wrap-up');
    await sees(crm, 'Video call, 0:');
    await sees(crm, 'Desk: available');
  });

  it('leaves nothing on the console of either side', () => {
    assert.deepEqual(browsers.complaints(visitor), []);
    assert.deepEqual(browsers.complaints(desk), []);
  });

  it('stands beside the customer’s page on the start page, where one press signs an agent in', async () => {
    await setStatus(desk, 'Offline');
    const start = await browsers.person(`${server.url}/demo/?lang=en`, {
      viewport: { width: 1440, height: 900 },
    });
    const frameOf = (path: string) =>
      start.page().waitForFrame((frame) => new URL(frame.url(), server.url).pathname === path);
    const agent = await frameOf('/demo/crm/');
    await press(agent, 'Sign in as Alice');
    await sees(agent, 'Desk: available');
    const customer = await frameOf('/demo/site/');
    await press(customer, 'Video call');
    await meet(await deskFrame(start.page()), customer);
    await leaveForGood(customer);
  });
});
