import { expect } from '@open-wc/testing';
import { setViewport } from '@web/test-runner-commands';
import type * as Axe from 'axe-core';
import 'axe-core/axe.min.js';
import { setLocale } from '../../src/locales/admin/locales.ts';
import { refuse, supervisorSession, type FakeRest } from '../support/fake-rest.ts';
import { prepareFlow } from './flows/fake-flow.ts';
import { OpenConsole, textOf, until } from '../support/open-console.ts';

declare global {
  // axe sets this global. The module exports nothing.
  var axe: typeof Axe;
}

/** Addresses and states that a person can meet. `ready` is a selector that is there once the state is shown. */
const states: readonly {
  readonly name: string;
  readonly path: string;
  readonly ready: string;
  readonly prepare?: (rest: FakeRest) => void;
}[] = [
  {
    name: 'signed out',
    path: '/admin',
    ready: 'input[name=username]',
    prepare: (rest) => (rest.session = null),
  },
  { name: 'a list', path: '/admin/agents', ready: 'tbody tr' },
  {
    name: 'an empty list',
    path: '/admin/agents',
    ready: '.message h2',
    prepare: (rest) => (rest.agents = []),
  },
  {
    name: 'a list that failed',
    path: '/admin/agents',
    ready: '.message[role=alert]',
    prepare: (rest) => rest.answers.set('GET /agents', () => refuse(500, 'server-error')),
  },
  { name: 'an agent', path: '/admin/agents/new', ready: 'form' },
  { name: 'a skill group', path: '/admin/groups/after-sales', ready: 'form' },
  { name: 'hours', path: '/admin/hours/office', ready: 'form' },
  { name: 'flows', path: '/admin/flows', ready: 'tbody tr', prepare: prepareFlow },
  { name: 'a new flow', path: '/admin/flows/new', ready: 'form' },
  { name: 'a flow', path: '/admin/flows/help', ready: '[data-step]', prepare: prepareFlow },
  { name: 'a new API key', path: '/admin/api-keys/new', ready: 'form' },
  { name: 'an unknown address', path: '/admin/nothing', ready: 'rtc-unknown-address' },
];

describe('the accessibility of the console', () => {
  let open: OpenConsole;

  afterEach(() => open.close());
  after(async () => {
    await setLocale('en');
    await setViewport({ width: 1280, height: 800 });
  });

  for (const [width, lang, theme] of [
    [320, 'zh-CN', 'dark'],
    [1280, 'en', 'light'],
    [1280, 'zh-CN', 'dark'],
    [320, 'en', 'light'],
  ] as const) {
    it(`has no violation, ${width} px wide, ${lang}, ${theme}`, async () => {
      await setViewport({ width, height: 800 });
      for (const { name, path, ready, prepare } of states) {
        open = await OpenConsole.at(path, { lang, theme, ...(prepare && { prepare }) });
        await open.shows(ready);
        for (const animation of document.getAnimations()) animation.finish();
        const { violations } = await globalThis.axe.run(open.app);
        const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
        expect(found, name).to.deep.equal([]);
        expect(document.documentElement.scrollWidth, `${name} overflows`).to.be.at.most(width);
        open.close();
      }
    }).timeout(60_000);
  }
});

describe('the console', () => {
  let open: OpenConsole;

  before(() => setViewport({ width: 1280, height: 800 }));
  afterEach(() => open.close());

  it('names its navigation and its pages as the contract does', async () => {
    open = await OpenConsole.at('/admin/agents');
    const navigation = await open.shows('nav[aria-label=Console]');
    expect([...navigation.querySelectorAll('a')].map(textOf)).to.deep.equal([
      ...[
        'Live board',
        'Calls',
        'Recordings',
        'Messages',
        'Reports',
        'Agents',
        'Skill groups',
        'Hours',
        'Flows',
        'Dispositions',
        'Canned replies',
      ],
      ...['Webhooks', 'API keys', 'Site', 'Audit log'],
    ]);
    for (const [link, button] of [
      ['Agents', 'New agent'],
      ['Skill groups', 'New skill group'],
      ['Hours', 'New hours'],
      ['API keys', 'New API key'],
    ] as const) {
      await open.follow(link);
      await until(`the page ${link}`, () => open.all('h1').some((one) => textOf(one) === link));
      expect(open.text).to.contain(button);
    }
  });

  it('shows a supervisor only what the role may do', async () => {
    open = await OpenConsole.at('/admin/groups', {
      prepare: (rest) => (rest.session = supervisorSession),
    });
    const navigation = await open.shows('nav[aria-label=Console]');
    expect([...navigation.querySelectorAll('a')].map(textOf)).to.deep.equal([
      ...[
        'Live board',
        'Calls',
        'Recordings',
        'Messages',
        'Reports',
        'Agents',
        'Skill groups',
        'Hours',
        'Flows',
        'Canned replies',
      ],
    ]);
    await open.says('After sales');
    expect(open.text).not.to.contain('New skill group');
  });

  it('lets a supervisor change the routing of an own group, and only look at another one', async () => {
    open = await OpenConsole.at('/admin/groups/pre-sales', {
      prepare: (rest) => (rest.session = supervisorSession),
    });
    expect((await open.field('Name')).matches(':disabled')).to.equal(true);
    await open.follow('Skill groups');
    await open.follow('After sales');
    await until('another group', () => open.all('h1').some((one) => textOf(one) === 'After sales'));
    expect((await open.field('Name')).matches(':disabled')).to.equal(false);
  });

  it('signs in, says why it could not, and signs out of nothing else', async () => {
    open = await OpenConsole.at('/admin', { prepare: (rest) => (rest.session = null) });
    await open.enter('Username', 'olivia');
    await open.enter('Password', 'wrong');
    await open.press('Sign in');
    await open.says('The username, the password or the code is wrong.');
    await open.enter('Password', 'demo');
    await open.press('Sign in');
    await open.shows('nav[aria-label=Console]');
    expect(location.pathname).to.equal('/admin/live-board');
  });

  it('asks for the code of an account with a second factor', async () => {
    open = await OpenConsole.at('/admin', {
      prepare: (rest) => {
        rest.session = null;
        rest.answers.set('POST /console/session', ({ body }) =>
          'code' in (body as object)
            ? refuse(401, 'unauthorized')
            : refuse(401, 'second-factor-needed'),
        );
      },
    });
    await open.enter('Username', 'olivia');
    await open.enter('Password', 'demo');
    await open.press('Sign in');
    await open.enter('Code of the authenticator app, or a recovery code', '123456');
    await open.press('Sign in');
    await open.says('The username, the password or the code is wrong.');
    expect(open.rest.requests.at(-1)?.body).to.include({ code: '123456' });
  });

  it('keeps what was entered when the session ends, and saves it after the sign-in', async () => {
    open = await OpenConsole.at('/admin/groups/after-sales');
    await open.enter('Name', 'Service');
    open.rest.session = null;
    await open.press('Save');
    await open.says('What you entered on this page is still there.');
    await open.enter('Password', 'demo');
    await open.press('Sign in');
    await open.gone('What you entered on this page is still there.');
    expect((await open.field('Name')).value).to.equal('Service');
    await open.press('Save');
    await open.says('Saved.');
    expect(open.rest.groups[0]?.name).to.equal('Service');
  });

  it('says so if no page has the address, and leads back', async () => {
    open = await OpenConsole.at('/admin/nothing');
    await open.says('There is no page at this address');
    await open.follow('Agents');
    await open.says('New agent');
  });

  it('shows the page of the address after back', async () => {
    open = await OpenConsole.at('/admin/agents');
    await open.follow('Hours');
    await open.says('New hours');
    history.back();
    await open.says('New agent');
    expect(location.pathname).to.equal('/admin/agents');
  });
});
