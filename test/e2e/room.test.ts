import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { measureInbound } from '../support/browser-profile.ts';
import { Browsers } from '../support/browsers.ts';
import { blockRequests } from '../support/block-requests.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  find,
  gone,
  openChat,
  press,
  sees,
  type,
  watches,
  write,
} from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('a room without a call', () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  const guests: Frame[] = [];
  const names = ['Judge Ortiz', 'Counsel Meyer', 'Witness Tan'];

  before(async () => {
    server = await DeskProcess.start();
    const url = `${server.url}/demo/room/?lang=en`;
    for (const name of names) {
      const guest = guests[0] ? await browsers.tab(guests[0], url) : await browsers.person(url);
      await type(guest, 'Your name', name);
      await press(guest, 'Join');
      await find(guest, 'toolbar', 'Call controls');
      guests.push(guest);
    }
  });

  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('connects every guest with every other', async () => {
    for (const [index, guest] of guests.entries()) {
      await guest.page().bringToFront();
      await waitUntil('both others are connected', async () => {
        const { connections } = await measureInbound(guest);
        return connections === 2;
      });
      for (const other of names.filter((_, n) => n !== index)) await watches(guest, other);
    }
  });

  it('shows an error when the conversation does not load, and opens it when it can be loaded', async () => {
    const guest = guests[1]!;
    const page = guest.page();
    await page.bringToFront();
    const blocked: string[] = [];
    const unblock = await blockRequests(page, /\/define-chat-/, blocked);
    await press(guest, 'Chat');
    await sees(guest, 'There is no connection.');
    assert.equal(
      blocked.length,
      2,
      'once, and again under another address, because the browser remembers the failure',
    );
    await unblock();
    await openChat(guest);
    await write(guest, 'here I am');
    await sees(guest, 'here I am');
  });

  it('removes a guest who has left', async () => {
    const [first, , third] = guests as [Frame, Frame, Frame];
    await third.page().bringToFront();
    await press(third, 'Leave call');
    await first.page().bringToFront();
    await gone(first, 'group', names[2]!);
    assert.equal((await measureInbound(first)).connections, 1);
  });
});
