import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { HostSite } from '../support/host-site.ts';
import {
  choose,
  find,
  gone,
  has,
  leaveForGood,
  meet,
  press,
  sees,
  setStatus,
  shows,
  signIn,
  textOf,
  type,
  wrapUp,
} from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

const PASSWORD = 'violet-harbour-42';
const DESKTOP = { width: 1280, height: 900 };

/** Everything that an owner does, from an empty installation to the first call, in the browser alone. */
describe('a support centre that is set up in a browser', () => {
  let server: DeskProcess;
  let shop: HostSite;
  /** The line that the owner copies into the page. */
  let pasted = '';
  let owner: Frame;
  let advice: Frame;
  let repairs: Frame;
  const browsers = new Browsers();

  before(async () => {
    server = await DeskProcess.start({ demo: false });
    shop = await HostSite.start(
      () => `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>${pasted}</html>`,
    );
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await shop?.close();
    await server?.dispose();
  });

  /** Follows a link of the navigation. */
  const page = async (name: string) => {
    await press(owner, name, 'link');
    await find(owner, 'heading', name);
  };
  /** A notice of an earlier page may still be there, so what is unsaved tells. */
  const save = async () => {
    await press(owner, 'Save');
    await waitUntil('nothing is unsaved', async () => !(await shows(owner, 'Not saved yet')));
  };
  const fill = async (frame: Frame, role: string, name: string, text: string) => {
    const field = await find(frame, role, name);
    await field.evaluate((element) => (element as HTMLInputElement).select());
    await field.type(text);
  };
  const setTime = async (group: string, name: string, time: string) => {
    const span = await find(owner, 'group', group);
    await span.evaluate(
      (element, label, value) => {
        const input = [...element.querySelectorAll('input')].find(
          (one) => one.labels?.[0]?.textContent?.trim() === label,
        )!;
        input.value = value;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      },
      name,
      time,
    );
  };
  const tick = async (group: string, names: readonly string[]) => {
    const span = await find(owner, 'group', group);
    await span.evaluate((element, labels) => {
      for (const label of labels) {
        element.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)!.click();
      }
    }, names);
  };

  it('is made by the link of an empty installation', async () => {
    const link = /http:\S+\/admin\/setup#\S+/.exec(server.output)?.[0];
    assert.ok(link, server.output);
    owner = await browsers.person(link.replace('#', '?lang=en#'), { viewport: DESKTOP });
    await type(owner, 'Name of the site', 'Shop');
    await type(owner, 'Your name', 'Olivia');
    await type(owner, 'Username', 'olivia');
    await type(owner, 'Password', PASSWORD);
    await Promise.all([owner.page().waitForNavigation(), press(owner, 'Set up')]);
    await find(owner, 'heading', 'Live board');
  });

  it('gets hours, two groups and an agent in each', async () => {
    await page('Hours');
    await press(owner, 'New hours');
    await type(owner, 'Name', 'Office');
    await tick('Span 1', ['Saturday', 'Sunday']);
    await setTime('Span 1', 'From', '00:00');
    await setTime('Span 1', 'Until', '12:00');
    await press(owner, 'Add a span');
    await tick('Span 2', ['Saturday', 'Sunday']);
    // It ends at midnight. The part of a span after midnight belongs to the day before, and today's exception does not close it.
    await setTime('Span 2', 'From', '12:00');
    await setTime('Span 2', 'Until', '00:00');
    await press(owner, 'Create');
    await find(owner, 'heading', 'Office');

    for (const name of ['Advice', 'Repairs']) {
      await page('Skill groups');
      await press(owner, 'New skill group');
      await type(owner, 'Name', name);
      await press(owner, 'Create');
      await find(owner, 'heading', name);
    }
    advice = await invite('Ada', 'Advice');
    repairs = await invite('Ben', 'Repairs');
  });

  /** Makes an agent of this group, who opens the link, chooses a password, and signs in at the desk. */
  async function invite(name: string, group: string): Promise<Frame> {
    await page('Agents');
    await press(owner, 'New agent');
    await type(owner, 'Name', name);
    await type(owner, 'Username', name.toLowerCase());
    await choose(owner, 'Add a skill group', group);
    await press(owner, 'Create');
    const dialog = await find(owner, 'dialog', `Link for ${name}`);
    const link = await dialog.evaluate(
      (element) => (element.getRootNode() as ShadowRoot).host.querySelector('code')?.textContent,
    );
    await press(owner, 'Done');
    await find(owner, 'heading', name);

    const agent = await browsers.person(link!.replace('#', '?lang=en#'));
    await type(agent, 'New password', PASSWORD);
    await type(agent, 'The same again', PASSWORD);
    await press(agent, 'Set the password');
    await sees(agent, `Your password is set. Sign in as ${name.toLowerCase()}.`);
    await agent.page().goto(`${server.url}/desk/shop?lang=en`);
    const desk = agent.page().mainFrame();
    await signIn(desk, name.toLowerCase(), PASSWORD);
    return desk;
  }

  it('gets a menu with opening hours and a message when closed, which is published', async () => {
    await page('Flows');
    await press(owner, 'New flow');
    await type(owner, 'Name', 'Help');
    await choose(owner, 'Begin with', 'A menu while open, a message when closed');
    await press(owner, 'Create');
    await find(owner, 'region', 'Flow editor');
    await press(owner, 'Publish');
    await find(owner, 'dialog', 'Publish Help?');
    await pressInDialog('Publish');
    await sees(owner, 'Version 1 is published.');
    await press(owner, 'Make it the default');
    await find(owner, 'dialog', 'Make Help the default flow?');
    await pressInDialog('Make it the default');
    await sees(owner, 'The default flow: for each button');
  });

  /** The page has a button of the same name below the dialog. */
  async function pressInDialog(name: string): Promise<void> {
    await waitUntil(`${name} could be pressed in the dialog`, () =>
      owner.evaluate((label) => {
        const within = (root: ParentNode): HTMLElement[] =>
          [...root.querySelectorAll<HTMLElement>('*')].flatMap((one) => [
            ...(one.matches('wa-dialog[open] wa-button') ? [one] : []),
            ...(one.shadowRoot ? within(one.shadowRoot) : []),
          ]);
        const button = within(document).find((one) => one.textContent?.trim() === label);
        button?.click();
        return button !== undefined;
      }, name),
    );
  }

  it('gives a line that puts the button on the page', async () => {
    await page('Site');
    await fill(owner, 'textbox', 'Pages that may show the button', shop.origin);
    await save();
    const text = await textOf(owner);
    const line = /<script type="module" src="[^"]+\/rtc-desk\.js" data-site="shop"><\/script>/;
    pasted = line.exec(text)?.[0] ?? '';
    assert.notEqual(pasted, '', 'the page shows the line');
  });

  it('brings the first call to the agent of what the visitor has chosen, as the live board shows', async () => {
    await page('Live board');
    const row = async (name: string) => {
      const table = await find(owner, 'table', 'Skill groups');
      return table.evaluate(
        (element, group) =>
          [...element.querySelectorAll('tbody tr')]
            .map((one) =>
              [...one.querySelectorAll('td, th')].map((cell) => cell.textContent!.trim()),
            )
            .find(([first]) => first === group),
        name,
      );
    };
    const visitor = await browsers.person(shop.origin);
    await press(visitor, 'Video call');
    await press(visitor, 'Report a fault');
    await find(repairs, 'alertdialog', 'Incoming call');
    assert.ok(!(await has(advice, 'alertdialog', 'Incoming call')), 'nobody else is asked');
    await waitUntil(
      'the board shows that it rings',
      async () => (await row('Repairs'))?.[3] === '1',
    );
    await meet(repairs, visitor);
    await waitUntil('the board shows the call', async () => (await row('Repairs'))?.[4] === '1');
    assert.equal((await row('Advice'))?.[4], '0');
    await leaveForGood(visitor);
    await wrapUp(repairs);
    await waitUntil('the board counts the answer', async () => (await row('Repairs'))?.[7] === '1');
  });

  it('takes a message when it is closed', async () => {
    for (const desk of [advice, repairs]) await setStatus(desk, 'Offline');
    await page('Hours');
    await press(owner, 'Office', 'link');
    await press(owner, 'Add an exception');
    const exception = await find(owner, 'group', 'Exception 1');
    await exception.evaluate((element) => {
      const input = element.querySelector<HTMLInputElement>('input[type="text"]')!;
      input.value = 'Stocktaking';
      input.dispatchEvent(new Event('input', { bubbles: true }));
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await save();
    const visitor = await browsers.person(shop.origin);
    await press(visitor, 'Video call');
    await find(visitor, 'heading', 'Leave us a message');
    await gone(visitor, 'button', 'Report a fault');
  });
});
