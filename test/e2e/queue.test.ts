import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import type { CallPage, CallRecord } from '../../src/protocol/rest/calls.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  choose,
  find,
  leaveForGood,
  meet,
  openChat,
  press,
  sees,
  seesAndHears,
  signIn,
  type,
  wrapUp,
} from '../support/page-actions.ts';
import { RestSession } from '../support/rest-session.ts';

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
    await leaveForGood(second);
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

  it('can be answered by a canned reply, and ends in a wrap-up that asks for a disposition', async () => {
    const [first] = visitors as [Frame, Frame];
    const rest = await RestSession.signIn(server.url, 'demo', 'olivia', 'demo');
    await rest.send('PATCH', '/groups/after-sales', { dispositionRequired: true });
    await openChat(desk);
    await openChat(first);
    await type(desk, 'Message', '/hel');
    await find(desk, 'listbox', 'Canned replies');
    await sees(desk, '/hello, 1 of 2. Enter takes it.');
    await desk.page().keyboard.press('Enter');
    await press(desk, 'Send message');
    await sees(first, 'this is Alice');

    await press(desk, 'End call');
    await press(desk, 'Finish wrap-up');
    await sees(desk, 'Choose a disposition before you finish the wrap-up.');
    await choose(desk, 'Disposition', 'Fault › Fuse');
    await type(desk, 'Tags', 'urgent');
    await desk.page().keyboard.press('Enter');
    await find(desk, 'button', 'Remove tag urgent');
    await type(desk, 'Notes', 'The fuse was broken.');
    await wrapUp(desk);
    const { calls } = await rest.send<CallPage>('GET', '/calls?disposition=fuse');
    const call = await rest.send<CallRecord>('GET', `/calls/${calls[0]?.id}`);
    assert.equal(call.disposition?.code, 'fuse');
    assert.deepEqual(call.tags, ['urgent']);
    assert.deepEqual(
      call.notes.map(({ agent, versions }) => [agent, versions.at(-1)?.text]),
      [['alice', 'The fuse was broken.']],
    );
  });
});
