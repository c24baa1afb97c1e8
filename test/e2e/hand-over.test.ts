import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, meet, press, sees, seesAndHears, signIn, textOf } from '../support/page-actions.ts';

describe('a visitor who continues on a phone', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  let desk: Frame;
  let phone: Frame;

  before(async () => {
    server = await DeskProcess.start();
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  /** Reads the address of the code that this page shows, and takes the call there in another browser. */
  async function takeFrom(visitor: Frame): Promise<Frame> {
    await find(visitor, 'image', 'QR code for your phone');
    const [, code] = /\/h#([A-Za-z0-9_-]{22})/.exec(await textOf(visitor)) ?? [];
    const other = await browsers.person(`${server.url}/h?lang=en#${code}`);
    await press(other, 'Continue on this device');
    await sees(visitor, 'The call continues on your phone.');
    return other;
  }

  it('takes the place in the queue along, also over a reload of the phone’s page', async () => {
    const visitor = await browsers.visitor(server.url);
    await press(visitor, 'Video call');
    await sees(visitor, 'You are number 1 in line');
    await press(visitor, 'Continue on your phone');
    phone = await takeFrom(visitor);
    await sees(phone, 'You are number 1 in line');
    await phone.page().reload();
    await sees(phone, 'You are number 1 in line');
  });

  it('takes the call along', async () => {
    desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    await meet(desk, phone);
    await press(phone, 'More');
    await press(phone, 'Continue on your phone', 'menuitem');
    const second = await takeFrom(phone);
    await Promise.all([seesAndHears(second), seesAndHears(desk)]);
  });
});
