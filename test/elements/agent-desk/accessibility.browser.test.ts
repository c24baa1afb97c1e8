import { expect } from '@open-wc/testing';
import type * as Axe from 'axe-core';
import 'axe-core/axe.min.js';
import '../../../src/elements/agent-desk/define.ts';
import { setLocale } from '../../../src/locales/locales.ts';
import {
  busyToday,
  joined,
  joinedOnTrtc,
  offered,
  waitingCall,
  left,
  type FakeAgentDeskControl,
} from '../../support/fake-agent-desk-control.ts';
import { openDesk, within, type OpenDesk } from './open-desk.ts';

declare global {
  // axe sets this global. The module exports nothing.
  var axe: typeof Axe;
}

const states: Record<string, (control: FakeAgentDeskControl) => void> = {
  'signed out': () => {},
  'after a refused sign-in': (control) => control.update({ error: 'unauthorized' }),
  'signing in': (control) => control.update({ state: 'signing-in' }),
  'available, with nothing to do': (control) => control.show(),
  'on a break, with calls waiting': (control) =>
    control.show({
      status: 'break',
      chosen: 'break',
      waiting: [waitingCall(1, 'Ada'), waitingCall(2, '')],
      today: busyToday,
    }),
  'away after missed calls': (control) =>
    control.show({ status: 'away', chosen: 'away', missedInRow: 2 }),
  'in use in another tab': (control) => control.show({ activeTab: false, tabs: 2 }),
  offline: (control) => control.show({}, { online: false }),
  ringing: (control) => control.show({ status: 'ringing', legs: [offered()] }),
  'ringing in its last seconds': (control) =>
    control.show({ status: 'ringing', legs: [offered({ deadline: Date.now() + 4_000 })] }),
  'in a call': (control) => control.show({ status: 'busy', legs: [joined()] }),
  'in a call on TRTC': (control) => control.show({ status: 'busy', legs: [joinedOnTrtc()] }),
  'in a call in another tab': (control) =>
    control.show({ status: 'busy', activeTab: false, legs: [joined()] }),
  'in wrap-up': (control) => control.show({ status: 'wrap-up', legs: [left()] }),
  'in wrap-up with a required disposition': (control) =>
    control.show({
      status: 'wrap-up',
      legs: [
        left({
          wrapUp: {
            ...{ maxUntil: Date.now() + 90_000, dispositionRequired: true, disposition: null },
            ...{ note: 'Meter read', tags: ['meter'] },
          },
        }),
      ],
    }),
};

describe('the accessibility of <agent-desk>', () => {
  let open: OpenDesk;

  afterEach(() => open.close());
  after(() => setLocale('en'));

  for (const lang of ['en', 'zh-CN'] as const) {
    for (const theme of ['light', 'dark']) {
      for (const width of [320, 1280]) {
        it(`has no violation in any state, ${theme}, ${lang}, ${width} px wide`, async () => {
          await setLocale(lang);
          for (const [name, show] of Object.entries(states)) {
            open = await openDesk((desk) => {
              desk.lang = lang;
              desk.theme = theme;
              desk.style.width = `${width}px`;
            });
            show(open.control);
            await open.settle();
            for (const animation of document.getAnimations()) animation.cancel();
            const { violations } = await globalThis.axe.run(open.desk, {
              // The page around the element is the test's.
              rules: { region: { enabled: false } },
            });
            const found = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
            expect(found, name).to.deep.equal([]);
            expect(open.desk.scrollWidth, `${name} overflows`).to.be.at.most(width);
            open.close();
          }
        }).timeout(60_000);
      }
    }
  }

  it("names the desk's controls as the contract does", async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const header = within(open.desk, 'rtc-desk-header');
    const select = header.querySelector('select')!;
    expect(select.labels[0]?.textContent?.trim()).to.match(/^Status/);
    const choices = [...select.options].filter(({ hidden }) => !hidden);
    expect(choices.map((option) => option.label.trim())).to.deep.equal([
      'Available',
      'On break',
      'Offline',
    ]);
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('[role=alertdialog]')!;
    const title = dialog.getAttribute('aria-labelledby')!;
    expect(dialog.querySelector(`#${title}`)?.textContent?.trim()).to.equal('Incoming call');
  });
});
