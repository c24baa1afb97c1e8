import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  accept,
  deskFrame,
  find,
  press,
  sees,
  seesAndHears,
  signIn,
  watches,
} from '../support/people.ts';

describe('the desk in a CRM', () => {
  let server: DeskProcess;
  let visitorBrowser: BrowserProfile;
  let agentBrowser: BrowserProfile;
  let visitor: Frame;
  let crm: Page;
  let desk: Frame;

  before(async () => {
    server = await DeskProcess.start();
    visitorBrowser = await BrowserProfile.open();
    agentBrowser = await BrowserProfile.open();
    crm = await agentBrowser.openPage(`${server.url}/demo/crm/?lang=en`, {
      width: 1440,
      height: 900,
    });
    desk = await deskFrame(crm);
    const site = `${server.url}/demo/site/?lang=en&device=METER-0042&fault=no-power`;
    visitor = (await visitorBrowser.openPage(site)).mainFrame();
  });

  after(async () => {
    await visitorBrowser?.close();
    await agentBrowser?.close();
    await server?.dispose();
  });

  it("tells the CRM the agent's status", async () => {
    await signIn(desk, 'bob');
    await sees(crm.mainFrame(), 'Desk: available');
  });

  it("opens the customer's card when the call rings", async () => {
    await press(visitor, 'Video call');
    await find(crm.mainFrame(), 'heading', 'Clara Whitfield');
    await sees(crm.mainFrame(), 'calling now');
    await sees(crm.mainFrame(), 'No power at all');
  });

  it('carries the whole call inside the frame', async () => {
    await accept(desk);
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
    await watches(visitor, 'Bob Martin');
    await watches(desk, 'Visitor');
    await press(visitor, 'Leave call');
    await press(desk, 'Finish wrap-up');
    await sees(crm.mainFrame(), 'Video call, 0:');
    await sees(crm.mainFrame(), 'Desk: available');
  });

  it('leaves nothing on the console of either side', () => {
    assert.deepEqual(visitorBrowser.complaints, []);
    assert.deepEqual(agentBrowser.complaints, []);
  });
});
