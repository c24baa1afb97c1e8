import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { BrowserProfile, type ProfileOptions } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import {
  accept,
  find,
  gone,
  has,
  openChat,
  press,
  sees,
  seesAndHears,
  signIn,
  type,
} from '../support/people.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('bad luck', () => {
  let server: DeskProcess;
  const open: BrowserProfile[] = [];

  // A server for each: what one test leaves waiting would ring in the next.
  beforeEach(async () => {
    server = await DeskProcess.start();
  });
  afterEach(async () => {
    for (const browser of open.splice(0)) await browser.close();
    await server.dispose();
  });

  async function person(path: string, options?: ProfileOptions, base = server.url) {
    const browser = await BrowserProfile.open(options);
    open.push(browser);
    return (await browser.openPage(base + path)).mainFrame();
  }
  const visitorPage = (options?: ProfileOptions, base?: string) =>
    person('/demo/site/?lang=en&device=METER-0042', options, base);
  async function agentDesk(name: string, base?: string): Promise<Frame> {
    const desk = await person('/desk?lang=en', {}, base);
    await signIn(desk, name);
    return desk;
  }
  async function talk(desk: Frame, visitor: Frame): Promise<void> {
    await accept(desk);
    await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
  }
  async function end(desk: Frame): Promise<void> {
    await press(desk, 'End call');
    await press(desk, 'Finish wrap-up');
    await gone(desk, 'button', 'Finish wrap-up');
  }

  it('makes one call of a double press', async () => {
    const visitor = await visitorPage();
    const button = await find(visitor, 'button', 'Video call');
    await button.evaluate((element) => {
      (element as HTMLElement).click();
      (element as HTMLElement).click();
    });
    await sees(visitor, 'You are number 1 in line');
    await press(visitor, 'Cancel');
  });

  it('lets a second tab of a visitor take the call over', async () => {
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await sees(visitor, 'You are number 1 in line');
    const second = await open[0]!.openPage(`${server.url}/demo/site/?lang=en`);
    await press(second.mainFrame(), 'Video call');
    await press(second.mainFrame(), 'Continue here');
    await sees(second.mainFrame(), 'You are number 1 in line');
    await press(second.mainFrame(), 'Cancel');
  });

  it('stops the ring in every tab of an agent with one answer', async () => {
    const desk = await agentDesk('alice');
    const second = await open[0]!.openPage(`${server.url}/desk?lang=en`);
    const other = second.mainFrame();
    await waitUntil(
      'the second tab is signed in or asks',
      async () =>
        (await has(other, 'combobox', 'Status')) || (await has(other, 'button', 'Sign in')),
    );
    if (await has(other, 'button', 'Sign in')) await signIn(other, 'alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await find(desk, 'alertdialog', 'Incoming call');
    await find(other, 'alertdialog', 'Incoming call');
    await press(other, 'Accept');
    await gone(desk, 'alertdialog', 'Incoming call');
    await Promise.all([seesAndHears(visitor), seesAndHears(other)]);
    await end(other);
  });

  it('gives the call to the next agent when the first closes the laptop while it rings', async () => {
    const first = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await find(first, 'alertdialog', 'Incoming call');
    const second = await agentDesk('bob');
    await first.page().close();
    await talk(second, visitor);
    await end(second);
  });

  it('goes on with sound or text where the camera and microphone are refused', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage({ refuseDevices: true });
    await press(visitor, 'Video call');
    await accept(desk);
    await find(visitor, 'toolbar', 'Call controls');
    await press(desk, 'End call');
    await press(desk, 'Finish wrap-up');
  });

  it('goes on in writing where there is no camera and no microphone', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage({ withoutDevices: true });
    await press(visitor, 'Video call');
    await accept(desk);
    await find(visitor, 'toolbar', 'Call controls');
    for (const side of [visitor, desk]) await openChat(side);
    await type(visitor, 'Message', 'I can only write');
    await press(visitor, 'Send message');
    await sees(desk, 'I can only write');
    await end(desk);
  });

  it('refuses a picture that is none, in words', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await talk(desk, visitor);
    await openChat(visitor);
    const path = join(server.dataDir, 'not-a-picture.png');
    writeFileSync(path, '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const [chooser] = await Promise.all([
      visitor.page().waitForFileChooser(),
      press(visitor, 'Send image'),
    ]);
    await chooser.accept([path]);
    await sees(visitor, 'This file is not a picture');
    await end(desk);
  });

  for (const state of ['queued', 'ringing', 'connected'] as const) {
    it(`goes on after the server was killed and started again while ${state}`, async () => {
      const early = state === 'queued' ? null : await agentDesk('alice');
      const visitor = await visitorPage();
      await press(visitor, 'Video call');
      if (state === 'queued') await sees(visitor, 'You are number 1 in line');
      if (state === 'ringing') await find(early!, 'alertdialog', 'Incoming call');
      if (state === 'connected') await talk(early!, visitor);
      await server.kill('SIGKILL');
      if (state === 'connected') {
        // Media live on without the server.
        await Promise.all([seesAndHears(visitor), seesAndHears(early!)]);
      }
      await server.start();
      const desk = early ?? (await agentDesk('alice'));
      if (state === 'connected') {
        for (const side of [visitor, desk]) await openChat(side);
        await type(visitor, 'Message', 'still here');
        await press(visitor, 'Send message');
        await sees(desk, 'still here');
        await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
      } else await talk(desk, visitor);
      await end(desk);
    });
  }

  for (const seconds of [1, 10]) {
    it(`keeps the call when the visitor's socket is cut for ${seconds} s`, async () => {
      const proxy = await FaultProxy.start(server.port);
      try {
        const desk = await agentDesk('alice');
        const visitor = await visitorPage({}, proxy.url);
        await press(visitor, 'Video call');
        await talk(desk, visitor);
        proxy.cut();
        await seesAndHears(visitor, 15 * seconds);
        proxy.mend();
        for (const side of [visitor, desk]) await openChat(side);
        await type(visitor, 'Message', 'back again');
        await press(visitor, 'Send message');
        await sees(desk, 'back again');
        await end(desk);
      } finally {
        await proxy.close();
      }
    });
  }

  it('tells both what happened when a visitor stays away for longer than a minute', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await talk(desk, visitor);
    await visitor.page().close();
    await waitUntil('the desk is in wrap-up', () => has(desk, 'button', 'Finish wrap-up'), 90_000);
    await press(desk, 'Finish wrap-up');
    assert.ok(await find(desk, 'combobox', 'Status'));
  });
});
