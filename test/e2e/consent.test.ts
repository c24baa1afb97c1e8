import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { HostSite } from '../support/host-site.ts';
import { find, gone, meet, press, sees, signIn } from '../support/page-actions.ts';

describe('a site that asks for consent', () => {
  let server: DeskProcess;
  let host: HostSite;
  const browsers = new Browsers();

  before(async () => {
    host = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>Shop</title>
        <script type="module" src="${server.url}/rtc-desk.js" data-site="acme"></script></html>`,
    );
    const text = { en: 'We see and hear you by video.' };
    server = await DeskProcess.start({
      provision: {
        sites: [
          {
            id: 'acme',
            name: 'Acme',
            origins: [host.origin],
            groups: [{ id: 'sales', name: 'Sales' }],
            consent: { text, link: 'https://www.example.com/privacy' },
          },
        ],
      },
    });
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await host?.close();
    await server?.dispose();
  });

  /** How often the page has asked for devices. */
  const watchDevices = (frame: Frame) =>
    frame.evaluate(() => {
      const counted = window as { devicesAsked?: number };
      counted.devicesAsked = 0;
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = (constraints) => {
        counted.devicesAsked! += 1;
        return ask(constraints);
      };
    });
  const devicesAsked = (frame: Frame) =>
    frame.evaluate(() => (window as { devicesAsked?: number }).devicesAsked);

  it('asks before the devices, and once for each text', async () => {
    const visitor = await browsers.person(host.origin);
    await watchDevices(visitor);
    await press(visitor, 'Video call');
    await sees(visitor, 'We see and hear you by video.');
    assert.equal(await devicesAsked(visitor), 0);
    await press(visitor, 'I agree');
    await sees(visitor, 'You are number 1 in line');
    await press(visitor, 'Cancel');
    await gone(visitor, 'button', 'Cancel');
    await press(visitor, 'Video call');
    await sees(visitor, 'You are number 1 in line');
    await press(visitor, 'Cancel');
  });

  it('makes no call with a visitor who refuses, and asks for no device', async () => {
    const visitor = await browsers.person(host.origin);
    await watchDevices(visitor);
    await press(visitor, 'Video call');
    await press(visitor, 'I don’t agree');
    await sees(visitor, 'You did not agree, so there was no call.');
    assert.equal(await devicesAsked(visitor), 0);
  });
});

describe('the page of a call that is over', () => {
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

  it('tells who was there, and erases the call at the second press', async () => {
    const desk = await browsers.desk(server.url);
    await signIn(desk, 'alice');
    const visitor = await browsers.visitor(server.url);
    await press(visitor, 'Video call');
    await meet(desk, visitor);
    await press(desk, 'End call');
    const link = await find(visitor, 'link', 'About this call');
    const address = await link.evaluate((one) => (one as HTMLAnchorElement).href);
    const page = await browsers.person(address);
    await sees(page, 'Who was in the call');
    await sees(page, 'Sound and video were not recorded.');
    await press(page, 'Erase this call');
    await press(page, 'Erase it now');
    await sees(page, 'This call was erased');
    await page.page().reload();
    await sees(page.page().mainFrame(), 'This call was erased');
  });
});
