import { expect, waitUntil } from '@open-wc/testing';
import type {
  DeviceTestControl,
  DeviceTestSnapshot,
} from '../../../src/call/device-test/device-test-control.ts';
import type { CallTest } from '../../../src/elements/call-test/call-test.ts';
import '../../../src/elements/call-test/define.ts';
import {
  DEVICE_CHECKS,
  type DeviceCheck,
  type DeviceReport,
} from '../../../src/protocol/device-report.ts';
import { Store } from '../../../src/snapshot/store.ts';

const idle: DeviceTestSnapshot = {
  state: 'idle',
  current: null,
  checks: [],
  level: 0,
  camera: null,
  report: null,
};
const good: readonly DeviceCheck[] = DEVICE_CHECKS.map((id) => ({
  id,
  status: 'passed',
  code: null,
  data: {},
}));

describe('<call-test>', () => {
  let element: CallTest;
  let store: Store<DeviceTestSnapshot>;
  let calls: string[];
  let reports: DeviceReport[];

  beforeEach(async () => {
    calls = [];
    reports = [];
    store = new Store(idle);
    element = document.createElement('call-test');
    element.lang = 'en';
    element.site = 'shop';
    element.control = {
      getSnapshot: () => store.getSnapshot(),
      subscribe: (listener) => store.subscribe(listener),
      start: async () => void calls.push('start'),
      answer: (heard) => void calls.push(`heard ${heard}`),
      repeatTone: () => void calls.push('tone'),
      stop: () => void calls.push('stop'),
    } satisfies DeviceTestControl;
    element.addEventListener('test-ended', ({ detail }) => void reports.push(detail));
    document.body.append(element);
    await element.updateComplete;
  });
  afterEach(() => element.remove());

  const text = () => element.renderRoot.textContent!.replace(/\s+/g, ' ');
  const shows = (part: string) => waitUntil(() => text().includes(part), part);
  const press = (name: string) =>
    [...element.renderRoot.querySelectorAll('button')]
      .find((one) => one.textContent!.trim() === name)!
      .click();

  function end(checks: readonly DeviceCheck[]): DeviceReport {
    const report: DeviceReport = { version: 1, at: 1, agent: 'Browser 1', checks };
    store.update({ state: 'ended', current: null, checks, report });
    return report;
  }

  it('says what it does before it asks for a device', async () => {
    expect(text()).to.contain('Nobody sees or hears you.');
    await expect(element).to.be.accessible();
    press('Start the test');
    expect(calls).to.deep.equal(['start']);
  });

  it('sends the report to the agent at a press, where there is a call', async () => {
    const report = end(good);
    await element.updateComplete;
    expect(text()).not.to.contain('Send the report');
    const sent: DeviceReport[] = [];
    let refuses = true;
    element.send = async (one) => {
      if (refuses) throw new Error('refused');
      sent.push(one);
    };
    await element.updateComplete;
    expect(sent).to.deep.equal([]);
    press('Send the report to the agent');
    await shows('It could not be sent.');
    refuses = false;
    press('Send the report to the agent');
    await shows('The agent sees it with your call.');
    expect(sent).to.deep.equal([report]);
    await expect(element).to.be.accessible();
  });

  it('shows the check that runs, and asks about the tone', async () => {
    store.update({ state: 'asking', current: 'speaker', checks: good.slice(0, 3) });
    await shows('Did you hear a tone?');
    await expect(element).to.be.accessible();
    press('Play it again');
    press('I heard nothing');
    press('Stop the test');
    expect(calls).to.deep.equal(['tone', 'heard false', 'stop']);
  });

  it('gives the report once, and says that all is well', async () => {
    const report = end(good);
    await shows('Everything works. You are ready to call.');
    expect(reports).to.deep.equal([report]);
    await expect(element).to.be.accessible();
  });

  it('gives one remedy for each fault', async () => {
    end(
      good.map((check) =>
        check.id === 'camera'
          ? { ...check, status: 'failed', code: 'camera-black', data: { width: 640, height: 480 } }
          : check.id === 'network'
            ? { ...check, status: 'warning', code: 'network-slow', data: { kilobits: 640 } }
            : check,
      ),
    );
    await shows('Something needs to be fixed before you can call.');
    expect(text()).to.contain('Open the cover of the camera, or switch on a light.');
    expect(text()).to.contain('640 × 480');
    expect(text()).to.contain('0.6 Mb/s');
    await expect(element).to.be.accessible();
  });

  it('copies the report, and says so if it may not', async () => {
    const { clipboard } = navigator;
    let copied = '';
    const replace = (writeText: (text: string) => Promise<void>) =>
      Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    try {
      const report = end(good);
      await shows('Copy the report');
      replace(async (given) => void (copied = given));
      press('Copy the report');
      await shows('Copied.');
      expect(JSON.parse(copied)).to.deep.equal(report);
      replace(() => Promise.reject(new Error('forbidden')));
      press('Copy the report');
      await shows('does not let this page copy');
    } finally {
      Object.defineProperty(navigator, 'clipboard', { value: clipboard, configurable: true });
    }
  });

  it('stops when it leaves the page', () => {
    element.remove();
    expect(calls).to.deep.equal(['stop']);
  });
});
