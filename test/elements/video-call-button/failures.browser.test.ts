import { expect, waitUntil } from '@open-wc/testing';
import type { VisitorCallSnapshot } from '../../../src/call/visitor-call-control.ts';
import type { DeviceNotes } from '../../../src/elements/video-call-button/devices/device-notes.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { localMedia } from '../../support/fake-room-control.ts';
import { mountButton, type Mounted } from './mount-button.ts';

/** What was written to the console as an error meanwhile. */
async function consoleOf(run: () => Promise<unknown>): Promise<string> {
  const { error } = console;
  const written: string[] = [];
  console.error = (...parts: unknown[]) => void written.push(parts.join(' '));
  try {
    await run();
  } finally {
    console.error = error;
  }
  return written.join('\n');
}

const buttonsOf = (mounted: Mounted): string[] =>
  [...mounted.dialog().querySelectorAll('button')].map((button) => button.textContent.trim());

describe('a failure of <video-call-button>', () => {
  beforeEach(() => sessionStorage.clear());

  const many = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`p${n}`, '']));
  for (const [what, params] of Object.entries({
    'more than 32 params': many,
    'params of more than 4 KiB': { long: '表'.repeat(1400) },
    'a param that is no string': { n: 1 },
    'a param named __proto__': JSON.parse('{"__proto__":"x"}') as object,
  })) {
    it(`refuses ${what}, and tells it`, async () => {
      const mounted = await mountButton();
      mounted.button.params = params as Record<string, string>;
      const error: unknown = await mounted.button.call().catch((reason: unknown) => reason);
      expect((error as RtcDeskError).code).to.equal('invalid-params');
      await waitUntil(() => mounted.told.length > 0, 'the page is told');
      await mounted.settled();
      expect(mounted.call.asked).not.to.include('start');
      expect(mounted.button.state).to.equal('failed');
      expect(mounted.told[0]).to.match(/^call-error .*"code":"invalid-params"/);
      expect(mounted.find('[role=alert]').textContent).to.contain('do not work on this page');
    });
  }

  it('tells that its code could not be loaded, and loads it again at the next press', async () => {
    const mounted = await mountButton();
    const works = mounted.button.loadCall;
    mounted.button.loadCall = () =>
      Promise.reject(new TypeError('Failed to fetch dynamically imported module: x'));
    mounted.press();
    const alert = mounted.button.renderRoot.querySelector('[role=alert]')!;
    await waitUntil(() => alert.textContent !== '', 'nothing is said');
    expect(mounted.button.state).to.equal('failed');
    expect(mounted.told[0]).to.match(/^call-error .*"code":"offline"/);
    mounted.button.loadCall = works;
    mounted.press();
    await mounted.settled();
    expect(alert.textContent).to.equal('');
    expect(mounted.call.asked).to.include('start');
  });

  it('tells that the page stops its code, and does not blame the network', async () => {
    const mounted = await mountButton();
    const policy = 'Policy "lit-html" disallowed.';
    mounted.button.loadCall = () => Promise.reject(new TypeError(policy));
    const logged = await consoleOf(() => mounted.button.call().catch(() => {}));
    expect(mounted.told[0]).to.match(/^call-error .*"code":"page-blocked"/);
    const alert = mounted.button.renderRoot.querySelector('[role=alert]')!;
    expect(alert.textContent!.trim()).to.equal('The video call could not be loaded.');
    expect(logged).to.contain('page-blocked').and.to.contain(policy);
  });

  it('tells the owner in the console what the visitor cannot mend', async () => {
    for (const [attributes, refuse, code] of [
      [{}, 'origin-not-allowed', 'origin-not-allowed'],
      [{ site: '' }, null, 'unknown-site'],
    ] as const) {
      const mounted = await mountButton(attributes);
      mounted.call.refuse = refuse;
      const logged = await consoleOf(async () => {
        mounted.press();
        await waitUntil(() => mounted.told.length > 0, 'the page is told');
      });
      await mounted.settled();
      expect(logged).to.match(new RegExp(`^rtc-desk: ${code}: .*/docs/site-owner.md`));
      expect(mounted.told[0]).to.contain(`"code":"${code}"`);
      expect(mounted.dialog().textContent).not.to.contain('owner');
      expect(buttonsOf(mounted)).to.deep.equal(['Close']);
    }
  });

  it('names the hours of a closed desk, and offers another try only where it helps', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const failed = async (change: Partial<VisitorCallSnapshot>) => {
      mounted.call.update({ state: 'failed', ...change });
      await mounted.settled();
      await waitUntil(() => mounted.find('.line').textContent, 'no text');
    };
    const retryAt = new Date(2026, 10, 30, 9, 0).getTime();
    await failed({ error: 'out-of-hours', retryAt });
    const hint = mounted.find('.note').textContent;
    expect(hint).to.match(/^We open on Monday, November 30 at 9:00/);
    expect(buttonsOf(mounted)).to.deep.equal(['Close']);
    await failed({ error: 'out-of-hours', retryAt: null });
    expect(mounted.find('.note').textContent).to.contain('opening hours');
    await failed({ error: 'queue-full' });
    expect(buttonsOf(mounted)).to.deep.equal(['Try again', 'Close']);
  });

  it('tells each problem of a device once, with its code', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const source = (error: 'permission-denied' | 'no-microphone') =>
      ({ state: 'failed', error, deviceId: '', track: null }) as const;
    const camera = source('permission-denied');
    mounted.call.update({ state: 'queued', local: { ...localMedia, camera } });
    await mounted.settled();
    await waitUntil(() => mounted.dialog().querySelector('rtc-device-notes'), 'nothing is said');
    const notes = mounted.find<DeviceNotes>('rtc-device-notes');
    await notes.updateComplete;
    expect(notes.renderRoot.textContent).to.contain('use the camera.');
    expect(notes.renderRoot.textContent).not.to.contain('microphone');
    const microphone = source('no-microphone');
    mounted.call.update({ local: { ...localMedia, camera, microphone } });
    mounted.call.update({ position: 2 });
    await waitUntil(() => mounted.told.length === 2, 'not told');
    const codes = mounted.told.map((told) => /"code":"([^"]*)"/.exec(told)?.[1]);
    expect(codes).to.deep.equal(['permission-denied', 'no-microphone']);
  });
});
