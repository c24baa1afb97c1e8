import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'puppeteer-core';
import { axeViolations } from '../support/axe.ts';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, sees } from '../support/page-actions.ts';
import { waitUntil } from '../support/wait-until.ts';

const PASSWORD = 'violet-harbour-42';
const MAX_TABS = 150;

const provision = {
  sites: [
    {
      id: 'support',
      name: 'Support centre',
      origins: [],
      crmOrigins: [],
      groups: [{ id: 'first-line', name: 'First line' }],
      agents: [
        { username: 'olivia', name: 'Olivia', password: PASSWORD, role: 'owner', groups: [] },
      ],
    },
  ],
};

describe('the flow editor by keyboard alone', () => {
  let server: DeskProcess;
  let profile: BrowserProfile;
  let page: Page;
  let frame: Frame;

  before(async () => {
    server = await DeskProcess.start({ provision });
    profile = await BrowserProfile.open();
    page = await profile.openPage(`${server.url}/admin/flows/new?site=support&lang=en`, {
      width: 1280,
      height: 800,
    });
    frame = page.mainFrame();
    await find(frame, 'textbox', 'Username');
    await page.keyboard.type('olivia');
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
  });
  after(async () => {
    await profile?.close();
    await server?.dispose();
  });

  /** Presses Tab until the focus is at the element with this role and name. */
  async function reach(role: string, name: string, within = frame): Promise<void> {
    await find(within, role, name);
    for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
      await page.keyboard.press('Tab');
      const element = await find(within, role, name);
      const hasFocus = await element.evaluate((one) => {
        const { activeElement } = one.getRootNode() as Document | ShadowRoot;
        return activeElement === one && document.hasFocus();
      });
      if (hasFocus) return;
    }
    assert.fail(`the Tab key never reaches the ${role} ${name}`);
  }

  async function act(name: string): Promise<void> {
    await reach('button', name);
    await page.keyboard.press('Enter');
  }

  it('builds, checks, publishes and walks a flow', async () => {
    await reach('textbox', 'Name');
    await page.keyboard.type('Help');
    await page.keyboard.press('Enter');
    await find(frame, 'region', 'Flow editor');

    await act('Add step');
    await find(frame, 'menuitem', 'Callback');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await sees(frame, 'The flow ends here, without a call.');
    await act('Check');
    await sees(frame, 'Nothing leads to this step.');
    await act('Undo');
    await act('Check');
    await sees(frame, 'No fault. The flow can be published.');

    const menu =
      'Menu: What is it about?; Product question leads to Queue: First line; Report a fault leads to Queue: First line';
    await act(menu);
    await reach('textbox', 'Title, English');
    await page.keyboard.type(' Please choose.');
    await act('Save draft');
    await sees(frame, 'The draft is saved.');
    await act('Publish');
    await find(frame, 'dialog', 'Publish Help?');
    await act('Publish');
    await sees(frame, 'Version 1 is published.');

    await act('Try it');
    const step = await waitUntil('the frame of the step', async () =>
      page.frames().find((one) => one.url().endsWith('/admin-flow-step')),
    );
    await reach('button', 'Product question', step);
    await page.keyboard.press('Enter');
    await sees(frame, 'The visitor waits in the queue of First line');
    await act('Nobody is there');
    const message = await waitUntil('the next step', async () =>
      page.frames().find((one) => one.url().endsWith('/admin-flow-step')),
    );
    await find(message, 'heading', 'Leave us a message');
  });

  it('has no accessibility violation, and breaks the policy of its page nowhere', async () => {
    assert.deepEqual(await axeViolations(frame), []);
    const broken = profile.complaints.filter((one) =>
      /Content Security Policy|Trusted|exception/.test(one),
    );
    assert.deepEqual(broken, []);
  });
});
