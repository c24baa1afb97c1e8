import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers, type PersonOptions } from '../support/browsers.ts';
import { blockRequests } from '../support/block-requests.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import {
  accept,
  find,
  gone,
  has,
  meet,
  openChat,
  press,
  sees,
  seesAndHears,
  sendPicture,
  signIn,
  wrapUp,
  write,
} from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a call on the demo pages when something fails', () => {
  let server: DeskProcess;
  const browsers = new Browsers();

  // Each test has its own server: a call that one test leaves in the queue would ring in the next.
  beforeEach(async () => {
    server = await DeskProcess.start();
  });
  afterEach(async (test) => {
    await browsers.close(test);
    await server.dispose();
  });

  const visitorPage = (options?: PersonOptions) => browsers.visitor(server.url, options);
  async function agentDesk(name: string): Promise<Frame> {
    const desk = await browsers.desk(server.url);
    await signIn(desk, name);
    return desk;
  }
  async function end(desk: Frame): Promise<void> {
    await press(desk, 'End call');
    await wrapUp(desk);
  }

  it('makes one call when the button is pressed twice', async () => {
    const visitor = await visitorPage();
    const button = await find(visitor, 'button', 'Video call');
    await button.evaluate((element) => {
      (element as HTMLElement).click();
      (element as HTMLElement).click();
    });
    await sees(visitor, 'You are number 1 in line');
    await press(visitor, 'Cancel');
  });

  it('continues the call in a second tab of the visitor', async () => {
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await sees(visitor, 'You are number 1 in line');
    const second = await browsers.tab(visitor, `${server.url}/demo/site/?lang=en`);
    await press(second, 'Video call');
    await press(second, 'Continue here');
    await sees(second, 'You are number 1 in line');
    await press(second, 'Cancel');
  });

  it('rings in the active tab of an agent alone, and can be answered in another one', async () => {
    const desk = await agentDesk('alice');
    const other = await browsers.tab(desk, `${server.url}/desk?lang=en`);
    await waitUntil(
      'the second tab is signed in, or shows the sign-in form',
      async () =>
        (await has(other, 'combobox', 'Status')) || (await has(other, 'button', 'Sign in')),
    );
    if (await has(other, 'button', 'Sign in')) await signIn(other, 'alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await find(desk, 'alertdialog', 'Incoming call');
    await press(other, 'Answer here');
    await gone(desk, 'alertdialog', 'Incoming call');
    await Promise.all([seesAndHears(visitor), seesAndHears(other)]);
    await end(other);
  });

  it('gives the call to the next agent when the first closes the page while it rings', async () => {
    const first = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await find(first, 'alertdialog', 'Incoming call');
    const second = await agentDesk('bob');
    await first.page().close();
    await meet(second, visitor);
    await end(second);
  });

  it('goes on without camera and microphone when the visitor refuses both', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage({ refuseDevices: true });
    await press(visitor, 'Video call');
    await accept(desk);
    await find(visitor, 'toolbar', 'Call controls');
    await end(desk);
  });

  it('goes on with chat when the visitor has no camera and no microphone', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage({ withoutDevices: true });
    await press(visitor, 'Video call');
    await accept(desk);
    await find(visitor, 'toolbar', 'Call controls');
    for (const side of [visitor, desk]) await openChat(side);
    await write(visitor, 'I can only write');
    await sees(desk, 'I can only write');
    await end(desk);
  });

  it('explains why a file is not a picture, also when the texts load late', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await meet(desk, visitor);
    await openChat(visitor);
    const path = join(server.dataDir, 'not-a-picture.png');
    writeFileSync(path, '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    const unblock = await blockRequests(visitor.page(), /\/error-texts-/);
    await sendPicture(visitor, path);
    await sees(visitor, 'Not sent. There is no connection.');
    await unblock();
    await sees(visitor, 'Not sent. This file is not a picture');
    await end(desk);
  });

  for (const state of ['queued', 'ringing', 'connected'] as const) {
    it(`goes on after the server was killed and started again while the call is ${state}`, async () => {
      const early = state === 'queued' ? null : await agentDesk('alice');
      const visitor = await visitorPage();
      await press(visitor, 'Video call');
      if (state === 'queued') await sees(visitor, 'You are number 1 in line');
      if (state === 'ringing') await find(early!, 'alertdialog', 'Incoming call');
      if (state === 'connected') await meet(early!, visitor);
      await server.kill('SIGKILL');
      if (state === 'connected') {
        // Media go on without the server.
        await Promise.all([seesAndHears(visitor), seesAndHears(early!)]);
      }
      await server.start();
      const desk = early ?? (await agentDesk('alice'));
      if (state === 'connected') {
        for (const side of [visitor, desk]) await openChat(side);
        await write(visitor, 'still here');
        await sees(desk, 'still here');
        await Promise.all([seesAndHears(visitor), seesAndHears(desk)]);
      } else await meet(desk, visitor);
      await end(desk);
    });
  }

  for (const seconds of [1, 10]) {
    it(`keeps the call when the visitor's socket is cut for ${seconds} s`, async () => {
      const proxy = await FaultProxy.start(server.port);
      try {
        const desk = await agentDesk('alice');
        const visitor = await browsers.visitor(proxy.url);
        await press(visitor, 'Video call');
        await meet(desk, visitor);
        proxy.cut();
        await seesAndHears(visitor, 15 * seconds);
        proxy.mend();
        for (const side of [visitor, desk]) await openChat(side);
        await write(visitor, 'back again');
        await sees(desk, 'back again');
        await end(desk);
      } finally {
        await proxy.close();
      }
    });
  }

  it('ends the call when the visitor is away for longer than a minute', async () => {
    const desk = await agentDesk('alice');
    const visitor = await visitorPage();
    await press(visitor, 'Video call');
    await meet(desk, visitor);
    await visitor.page().close();
    await waitUntil('the desk is in wrap-up', () => has(desk, 'button', 'Finish wrap-up'), 90_000);
    await press(desk, 'Finish wrap-up');
    assert.ok(await find(desk, 'combobox', 'Status'));
  });
});
