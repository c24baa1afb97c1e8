import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import { CallAlarm } from '../../../../src/elements/agent-desk/alerts/call-alarm.ts';
import type { AgentView } from '../../../../src/protocol/views.ts';
import { FakeAgentDeskControl, offered } from '../../../support/fake-agent-desk-control.ts';

class FakeNotification extends EventTarget {
  static permission: NotificationPermission = 'granted';
  static shown: FakeNotification[] = [];
  open = true;

  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    super();
    FakeNotification.shown.push(this);
  }

  static async requestPermission() {
    FakeNotification.permission = 'granted';
    return FakeNotification.permission;
  }

  close() {
    this.open = false;
  }
}

describe('CallAlarm', () => {
  const realNotification = globalThis.Notification;
  let alarm: CallAlarm;
  let control: FakeAgentDeskControl;
  let hidden: boolean;

  beforeEach(() => {
    hidden = false;
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    globalThis.Notification = FakeNotification as unknown as typeof Notification;
    FakeNotification.permission = 'granted';
    FakeNotification.shown = [];
    document.title = 'CRM';
    control = new FakeAgentDeskControl();
    alarm = new CallAlarm(() => {});
    alarm.open();
  });

  afterEach(() => {
    alarm.close();
    Reflect.deleteProperty(document, 'hidden');
    globalThis.Notification = realNotification;
  });

  const show = (change: Partial<AgentView>, online = true) => {
    control.show(change, { online });
    alarm.follow(control.getSnapshot());
  };

  it('rings from the offer to its withdrawal', () => {
    show({ status: 'ringing', legs: [offered()] });
    expect(alarm.ringer.ringing).to.equal(true);
    show({});
    expect(alarm.ringer.ringing).to.equal(false);
  });

  it('is silent in a tab that is not active, and stops when another tab becomes active', () => {
    show({ status: 'ringing', activeTab: false, legs: [offered()] });
    expect(alarm.ringer.ringing).to.equal(false);
    show({ status: 'ringing', legs: [offered()] });
    expect(alarm.ringer.ringing).to.equal(true);
    show({ status: 'ringing', activeTab: false, legs: [offered()] });
    expect(alarm.ringer.ringing).to.equal(false);
  });

  it('stops while the desk is offline', () => {
    show({ status: 'ringing', legs: [offered()] });
    show({ status: 'ringing', legs: [offered()] }, false);
    expect(alarm.ringer.ringing).to.equal(false);
  });

  it('stops sound, title and notification when the desk is closed', () => {
    hidden = true;
    show({ status: 'ringing', legs: [offered()] });
    alarm.close();
    expect(alarm.ringer.ringing).to.equal(false);
    expect(document.title).to.equal('CRM');
    expect(FakeNotification.shown.map((notice) => notice.open)).to.deep.equal([false]);
  });

  it('makes the title blink, and restores it', async () => {
    show({ status: 'ringing', legs: [offered()] });
    expect(document.title).to.equal('● Incoming call');
    await waitUntil(() => document.title === 'CRM', 'the title blinks', { timeout: 5_000 });
    show({});
    expect(document.title).to.equal('CRM');
  });

  it('leaves a title alone that the page has set meanwhile', () => {
    show({ status: 'ringing', legs: [offered()] });
    document.title = 'Customer 7';
    show({});
    expect(document.title).to.equal('Customer 7');
  });

  it('notifies only while the tab is hidden, with the name, once for each offer', () => {
    show({ status: 'ringing', legs: [offered()] });
    expect(FakeNotification.shown).to.deep.equal([]);
    hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
    show({ status: 'ringing', legs: [offered()] });
    expect(FakeNotification.shown.length).to.equal(1);
    expect(FakeNotification.shown[0]!.options.body).to.contain('Clara Whitfield');
    expect(FakeNotification.shown[0]!.options.tag).to.equal('leg-1');
  });

  it('closes the notification when the tab is visible, or the call is gone', () => {
    hidden = true;
    show({ status: 'ringing', legs: [offered()] });
    hidden = false;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(FakeNotification.shown[0]!.open).to.equal(false);
    hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
    show({});
    expect(FakeNotification.shown[1]!.open).to.equal(false);
  });

  it('brings the tab to the front when the notification is pressed', () => {
    hidden = true;
    show({ status: 'ringing', legs: [offered()] });
    const { focus } = window;
    let focused = 0;
    window.focus = () => void focused++;
    FakeNotification.shown[0]!.dispatchEvent(new Event('click'));
    window.focus = focus;
    expect(focused).to.equal(1);
    expect(FakeNotification.shown[0]!.open).to.equal(false);
  });

  it('does not notify, and does not ask by itself, without the permission', async () => {
    FakeNotification.permission = 'default';
    hidden = true;
    show({ status: 'ringing', legs: [offered()] });
    expect(FakeNotification.shown).to.deep.equal([]);
    expect(FakeNotification.permission).to.equal('default');
    expect(alarm.notifier.canAsk).to.equal(true);
    await alarm.notifier.ask();
    expect(alarm.notifier.canAsk).to.equal(false);
  });
});
