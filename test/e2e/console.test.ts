import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Frame, Page } from 'puppeteer-core';
import { axeViolations } from '../support/axe.ts';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, has, press, sees, type } from '../support/page-actions.ts';

const PASSWORD = 'violet-harbour-42';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 740 };

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
        { username: 'adam', name: 'Adam', password: PASSWORD, role: 'admin', groups: [] },
        {
          username: 'sam',
          name: 'Sam',
          password: PASSWORD,
          role: 'supervisor',
          groups: ['first-line'],
        },
      ],
    },
  ],
};

describe('the console against the server', () => {
  let server: DeskProcess;
  const profiles: BrowserProfile[] = [];
  let owner: Page;
  let admin: Page;

  /** A person's own browser, signed in by the keyboard alone. */
  async function signIn(username: string, viewport: typeof DESKTOP): Promise<Page> {
    const profile = await BrowserProfile.open();
    profiles.push(profile);
    const page = await profile.openPage(`${server.url}/admin?site=support&lang=en`, viewport);
    await find(page.mainFrame(), 'textbox', 'Username');
    await page.keyboard.type(username);
    await page.keyboard.press('Tab');
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await find(page.mainFrame(), 'heading', 'Live board');
    return page;
  }

  const open = (page: Page, path: string) => page.goto(`${server.url}/admin/${path}`);

  async function fill(frame: Frame, role: string, name: string, text: string): Promise<void> {
    const field = await find(frame, role, name);
    await field.evaluate((element) => (element as HTMLInputElement).select());
    await field.type(text);
  }

  before(async () => {
    server = await DeskProcess.start({ provision });
    owner = await signIn('olivia', DESKTOP);
    admin = await signIn('adam', PHONE);
  });

  after(async () => {
    for (const profile of profiles) await profile.close();
    await server?.dispose();
  });

  it('makes hours, a group that uses them and an agent in the group, wide and on a phone', async () => {
    const wide = owner.mainFrame();
    await open(owner, 'hours');
    await press(wide, 'New hours');
    await type(wide, 'Name', 'Office hours');
    await press(wide, 'Create');
    await find(wide, 'heading', 'Office hours');

    await open(owner, 'groups');
    await press(wide, 'New skill group');
    await type(wide, 'Name', 'Billing');
    await (await find(wide, 'combobox', 'Hours')).select('office-hours');
    await press(wide, 'Create');
    await find(wide, 'heading', 'Billing');

    const narrow = admin.mainFrame();
    await open(admin, 'agents');
    await press(narrow, 'New agent');
    await type(narrow, 'Name', 'Ada');
    await type(narrow, 'Username', 'ada');
    await (await find(narrow, 'combobox', 'Add a skill group')).select('billing');
    await press(narrow, 'Create');
    await find(narrow, 'dialog', 'Link for Ada');
    await press(narrow, 'Done');
    await find(narrow, 'heading', 'Ada');

    await open(owner, 'groups/billing');
    await find(wide, 'combobox', 'Level of Ada (ada)');
  });

  it('lets an invited agent choose a password by the link, once', async () => {
    const frame = owner.mainFrame();
    await open(owner, 'agents');
    await press(frame, 'New agent');
    await type(frame, 'Name', 'Ben');
    await type(frame, 'Username', 'ben');
    await press(frame, 'Create');
    const dialog = await find(frame, 'dialog', 'Link for Ben');
    const link = await dialog.evaluate(
      (element) => (element.getRootNode() as ShadowRoot).host.querySelector('code')?.textContent,
    );
    assert.match(link ?? '', /\/admin\/password#/);
    const profile = await BrowserProfile.open();
    profiles.push(profile);
    const page = await profile.openPage(`${new URL(link!).href.replace('#', '?lang=en#')}`, PHONE);
    await type(page.mainFrame(), 'New password', PASSWORD);
    await type(page.mainFrame(), 'The same again', PASSWORD);
    await press(page.mainFrame(), 'Set the password');
    await sees(page.mainFrame(), 'Your password is set. Sign in as ben.');
    await page.reload();
    await sees(page.mainFrame(), 'This link has been used');
    await press(frame, 'Done');
  });

  it('tells an admin who changed the same group meanwhile, and loses neither change', async () => {
    const [wide, narrow] = [owner.mainFrame(), admin.mainFrame()];
    await open(owner, 'groups/billing');
    await open(admin, 'groups/billing');
    await fill(wide, 'textbox', 'Name', 'Invoices');
    await fill(narrow, 'spinbutton', 'Wrap-up in seconds', '75');
    await press(narrow, 'Save');
    await sees(narrow, 'Saved.');
    await press(wide, 'Save');
    await sees(wide, 'adam saved another version');
    await press(wide, 'Keep my changes');
    await press(wide, 'Save');
    await sees(wide, 'Saved.');
    await open(admin, 'groups/billing');
    await find(narrow, 'heading', 'Invoices');
    const wrapUp = await find(narrow, 'spinbutton', 'Wrap-up in seconds');
    assert.equal(await wrapUp.evaluate((field) => (field as HTMLInputElement).value), '75');
  });

  it('shows a supervisor less, and the server refuses what is not shown', async () => {
    const page = await signIn('sam', DESKTOP);
    const frame = page.mainFrame();
    await find(frame, 'link', 'Skill groups');
    for (const hidden of ['Site', 'API keys', 'Audit log', 'Dispositions']) {
      assert.equal(await has(frame, 'link', hidden), false, hidden);
    }
    await open(page, 'groups/new');
    await find(frame, 'heading', 'New skill group');
    assert.equal(await has(frame, 'button', 'Create'), false);
    await open(page, 'site');
    await sees(frame, 'Your role may not do this.');
    const statuses = await page.evaluate(async () => {
      const post = (path: string, body: object) =>
        fetch(`/api/v1${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const answers = await Promise.all([
        post('/groups', { id: 'mine', name: 'Mine' }),
        post('/agents', { username: 'x', name: 'X' }),
        post('/api-keys', { name: 'x', scopes: ['calls:read'] }),
        fetch('/api/v1/audit'),
      ]);
      return answers.map(({ status }) => status);
    });
    assert.deepEqual(statuses, [403, 403, 403, 403]);
  });

  it('has no accessibility violation, wide and on a phone', async () => {
    const pages = ['groups/billing', 'dispositions', 'site', 'canned-replies/new', 'audit'];
    for (const page of [owner, admin]) {
      for (const path of pages) {
        await open(page, path);
        await find(page.mainFrame(), 'heading');
        assert.deepEqual(await axeViolations(page.mainFrame()), [], path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(width <= (page === admin ? PHONE : DESKTOP).width, `${path} overflows`);
      }
    }
  });

  it('signs out, and asks for a sign-in at the same address', async () => {
    const frame = owner.mainFrame();
    await open(owner, 'audit');
    await press(frame, 'Olivia');
    const item = await find(frame, 'menuitem', 'Sign out');
    await Promise.all([owner.waitForNavigation(), item.click()]);
    await find(frame, 'button', 'Sign in');
    await open(owner, 'audit');
    await find(frame, 'button', 'Sign in');
  });

  it('breaks the policy of its pages nowhere', () => {
    const complaints = profiles.flatMap((profile) => profile.complaints);
    const broken = complaints.filter((one) =>
      /Content Security Policy|Trusted|exception/.test(one),
    );
    assert.deepEqual(broken, []);
  });
});
