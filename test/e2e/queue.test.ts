import { after, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { accept, find, gone, press, sees, seesAndHears, signIn } from '../support/people.ts';

describe('the queue, as visitors see it', () => {
  let server: DeskProcess;
  const browsers: BrowserProfile[] = [];
  const visitors: Frame[] = [];

  before(async () => {
    server = await DeskProcess.start();
    for (let n = 0; n < 2; n += 1) {
      const browser = await BrowserProfile.open();
      browsers.push(browser);
      visitors.push((await browser.openPage(`${server.url}/demo/site/?lang=en`)).mainFrame());
    }
  });

  after(async () => {
    for (const browser of browsers) await browser.close();
    await server?.dispose();
  });

  it('gives each their place, says that nobody is there yet, and moves up', async () => {
    const [first, second] = visitors as [Frame, Frame];
    await press(first, 'Video call');
    await sees(first, 'You are number 1 in line');
    await press(second, 'Video call');
    await sees(second, 'You are number 2 in line');
    await press(first, 'Cancel');
    await sees(second, 'You are number 1 in line');
    await find(first, 'button', 'Video call');
  });

  it('keeps the place over a reload, and on another page of the site', async () => {
    const [first, second] = visitors as [Frame, Frame];
    await press(first, 'Video call');
    await sees(first, 'You are number 2 in line');
    await second.page().reload();
    await sees(second, 'You are number 1 in line');
    await second.page().goto(`${server.url}/demo/site/?lang=en&device=METER-0077`);
    await sees(second, 'You are number 1 in line');
  });

  it('goes to the agent in that order, and to the next one after the call', async () => {
    const [first, second] = visitors as [Frame, Frame];
    const browser = await BrowserProfile.open();
    browsers.push(browser);
    const desk = (await browser.openPage(`${server.url}/desk?lang=en`)).mainFrame();
    await signIn(desk, 'alice');
    await accept(desk);
    await Promise.all([seesAndHears(second), seesAndHears(desk)]);
    await sees(first, 'You are number 1 in line');
    await press(second, 'Leave call');
    await press(desk, 'Finish wrap-up');
    await gone(desk, 'button', 'Finish wrap-up');
    await accept(desk);
    await Promise.all([seesAndHears(first), seesAndHears(desk)]);
  });

  it('finds the same call again after a reload of either side', async () => {
    const [first] = visitors as [Frame, Frame];
    await first.page().reload();
    await seesAndHears(first);
    const desk = (await browsers[2]!.browser.pages()).find((page) => page.url().includes('/desk'))!;
    await desk.reload();
    await Promise.all([seesAndHears(first), seesAndHears(desk.mainFrame())]);
  });
});
