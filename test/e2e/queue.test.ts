import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, meet, press, sees, seesAndHears, signIn, wrapUp } from '../support/page-actions.ts';

describe('the queue, on the visitors’ pages', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let desk: Frame;
  const visitors: Frame[] = [];

  before(async () => {
    server = await DeskProcess.start();
    for (let n = 0; n < 2; n += 1) visitors.push(await browsers.visitor(server.url));
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('shows each visitor the position, and moves up when one cancels', async () => {
    const [first, second] = visitors as [Frame, Frame];
    await press(first, 'Video call');
    await sees(first, 'You are number 1 in line');
    await press(second, 'Video call');
    await sees(second, 'You are number 2 in line');
    await press(first, 'Cancel');
    await sees(second, 'You are number 1 in line');
    await find(first, 'button', 'Video call');
  });

  it('keeps the position over a reload, and on another page of the site', async () => {
    const [first, second] = visitors as [Frame, Frame];
    await press(first, 'Video call');
    await sees(first, 'You are number 2 in line');
    await second.page().reload();
    await sees(second, 'You are number 1 in line');
    await second.page().goto(`${server.url}/demo/site/?lang=en&device=METER-0077`);
    await sees(second, 'You are number 1 in line');
  });

  it('is served in that order, one call after the other', async () => {
    const [first, second] = visitors as [Frame, Frame];
    desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    await meet(desk, second);
    await sees(first, 'You are number 1 in line');
    await press(second, 'Leave call');
    await wrapUp(desk);
    await meet(desk, first);
  });

  it('keeps the call after a reload on either side', async () => {
    const [first] = visitors as [Frame, Frame];
    await first.page().reload();
    await seesAndHears(first);
    await desk.page().reload();
    await Promise.all([seesAndHears(first), seesAndHears(desk)]);
  });
});
