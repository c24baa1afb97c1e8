import { aTimeout, expect, oneEvent, waitUntil } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/call/error.ts';
import type { AgentDesk } from '../../../src/elements/agent-desk/agent-desk.ts';
import '../../../src/elements/agent-desk/define.ts';
import {
  busyToday,
  call,
  offer,
  visitor,
  waitingCall,
  wrapUp,
} from '../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within, type OpenDesk } from './open-desk.ts';

describe('<agent-desk>', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  const press = (part: string, name: string) => {
    const button = [...within(open.desk, part).querySelectorAll('button')].find(
      (one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name,
    );
    if (!button) throw new Error(`no button ${name} in ${part}`);
    button.click();
  };

  it('shows the sign-in form only after no session was found', async () => {
    open = await openDesk();
    expect(open.control.asked).to.deep.equal(['resume()']);
    const form = within(open.desk, 'rtc-sign-in-form');
    expect([...form.querySelectorAll('input')].map((input) => input.autocomplete)).to.deep.equal([
      'username',
      'current-password',
    ]);
    expect(open.desk.getAttribute('status')).to.equal('signed-out');
  });

  it('signs in with what was typed, and shows a refusal in words', async () => {
    open = await openDesk();
    const form = within(open.desk, 'rtc-sign-in-form');
    const [username, password] = form.querySelectorAll('input');
    username!.value = ' alice ';
    password!.value = ' secret ';
    press('rtc-sign-in-form', 'Sign in');
    await open.settle();
    expect(open.control.asked).to.include('signIn({"username":"alice","password":" secret "})');
    open.control.update({ error: 'unauthorized' });
    await open.settle();
    expect(textOf(form.querySelector('[role=alert]'))).to.contain('Username or password is wrong');
  });

  it('signs in with the token of its attribute, without a form and once', async () => {
    open = await openDesk((desk) => (desk.token = 'jwt'));
    open.control.update({ state: 'signing-in' });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['signIn({"token":"jwt"})']);
  });

  it('shows the chosen status when the server has it, not when it was picked', async () => {
    open = await openDesk();
    open.control.show();
    await open.settle();
    const select = within(open.desk, 'rtc-desk-header').querySelector('select')!;
    select.value = 'break';
    select.dispatchEvent(new Event('change'));
    await open.settle();
    expect(open.control.asked).to.include('setStatus(break)');
    expect(select.value).to.equal('available');
    open.control.show({ status: 'break', chosen: 'break' });
    await open.settle();
    expect(select.value).to.equal('break');
    expect(open.desk.getAttribute('status')).to.equal('break');
  });

  it('shows what was chosen for after the call while the call goes on', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', chosen: 'break', call: call() });
    await open.settle();
    expect(within(open.desk, 'rtc-desk-header').querySelector('select')!.value).to.equal('break');
    expect(textOf(within(open.desk, 'rtc-desk-header'))).to.contain('In a call');
  });

  it('moves the focus to the ringing call, and to no button of it', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    expect(dialog.open).to.equal(true);
    expect((dialog.getRootNode() as ShadowRoot).activeElement).to.equal(dialog);
  });

  it('tells who calls, why, and why it came here', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    const text = textOf(within(open.desk, 'rtc-incoming-call'));
    for (const part of ['Clara Whitfield', 'Verified', 'After-sales', 'Device', 'METER-0042']) {
      expect(text).to.contain(part);
    }
    expect(text).to.contain('Customer no');
    expect(text).to.contain('British English');
    expect(text).to.contain('You have been free the longest');
  });

  it('says so where nobody vouched for the name, and doubts no name that was not given', async () => {
    open = await openDesk();
    const ringFor = async (name: string) => {
      open.control.show({
        status: 'ringing',
        offer: offer({ id: `offer ${name}`, visitor: { ...visitor, name, verified: false } }),
      });
      await open.settle();
      return textOf(within(open.desk, 'rtc-incoming-call'));
    };
    expect(await ringFor('Mallory')).to.contain('Name not verified');
    const nameless = await ringFor(' ');
    expect(nameless).not.to.contain('verified');
    expect(nameless).to.contain('Visitor');
  });

  it("tells the two reasons that the server has in the agent's words, and any other as it is", async () => {
    open = await openDesk();
    for (const [why, shown] of [
      ['in group After-sales; idle longest, since 08:12', 'you have been free the longest'],
      ['in group After-sales; nobody else is free; idle since 08:12', 'nobody else is free.'],
      ['by hand', 'by hand'],
    ]) {
      open.control.show({ status: 'ringing', offer: offer({ id: why!, why: why! }) });
      await open.settle();
      expect(textOf(within(open.desk, 'rtc-incoming-call'))).to.contain(shown);
    }
  });

  it('neither shows a call that rings nor takes answers while it is offline', async () => {
    open = await openDesk();
    const ringing = { status: 'ringing', offer: offer() } as const;
    open.control.show(ringing);
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    expect(dialog.open).to.equal(true);
    open.control.show(ringing, { online: false });
    await open.settle();
    expect(dialog.open).to.equal(false);
    expect(textOf(dialog)).not.to.contain('Accept');
    open.control.show(ringing, { online: true });
    await open.settle();
    expect(dialog.open).to.equal(true);
    open.control.show({ status: 'wrap-up', wrapUp: wrapUp() }, { online: false });
    await open.settle();
    const finish = within(open.desk, 'rtc-wrap-up').querySelector('button')!;
    expect(finish.disabled).to.equal(true);
    open.control.show({ status: 'busy', inCharge: false, call: call() }, { online: false });
    await open.settle();
    const bring = within(open.desk, 'rtc-call-view').querySelector<HTMLButtonElement>(
      '.empty button',
    );
    expect(bring!.disabled).to.equal(true);
  });

  it('says what became of an offer that was neither taken nor refused', async () => {
    open = await openDesk();
    const [past] = busyToday.calls;
    const calls = ([null, 'cancelled', 'abandoned', 'agent-ended'] as const).map(
      (reason, index) => ({
        ...past!,
        id: `withdrawn-${index}`,
        outcome: 'withdrawn' as const,
        reason,
        seconds: 0,
      }),
    );
    open.control.show({ today: { ...busyToday, calls } });
    await open.settle();
    const chips = [...within(open.desk, 'rtc-today-list').querySelectorAll('li .chip')].map(textOf);
    expect(chips).to.deep.equal([
      'Back in line',
      'Visitor cancelled',
      'Visitor left',
      'Did not connect',
    ]);
  });

  it("counts down on the server's clock", async () => {
    open = await openDesk();
    const hour = 3_600_000;
    const now = Date.now() + hour;
    open.control.show(
      {
        status: 'ringing',
        offer: offer({ offeredAt: now - 5_000, deadline: now + 14_500, requestedAt: now - 61_000 }),
      },
      { clockOffset: hour },
    );
    await open.settle();
    const incoming = within(open.desk, 'rtc-incoming-call');
    expect(textOf(incoming.querySelector('.countdown'))).to.match(/^1[45]$/);
    expect(textOf(incoming)).to.contain('Waiting for 1:01');
  });

  it('accepts and declines by request, once however often it is pressed', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    press('rtc-incoming-call', 'Accept');
    press('rtc-incoming-call', 'Accept');
    await open.settle();
    press('rtc-incoming-call', 'Decline');
    await open.settle();
    expect(open.control.asked.slice(1)).to.deep.equal(['accept()', 'decline()']);
  });

  it('is not closed, and the call not declined, by Escape', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    const cancel = new Event('cancel', { cancelable: true });
    dialog.dispatchEvent(cancel);
    expect(cancel.defaultPrevented).to.equal(true);
    expect(open.control.asked).not.to.include('decline()');
  });

  it('closes when the offer is withdrawn', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    open.control.show();
    await open.settle();
    expect(within(open.desk, 'rtc-incoming-call').querySelector('dialog')!.open).to.equal(false);
  });

  it('accepts by itself where it was told to, in the tab in charge only', async () => {
    open = await openDesk((desk) => (desk.autoAccept = true));
    open.control.show({ status: 'ringing', inCharge: false, offer: offer() });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['resume()']);
    open.control.show({ status: 'ringing', offer: offer() });
    open.control.show({ status: 'ringing', offer: offer(), tabs: 2 });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['resume()', 'accept()']);
  });

  it('shows a failure in words, and tells it as an event', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', offer: offer() });
    await open.settle();
    open.control.failure = new RtcDeskError('conflict');
    const told = oneEvent(open.desk, 'call-error');
    press('rtc-incoming-call', 'Accept');
    expect((await told).detail).to.include({ code: 'conflict' });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-toast'))).to.contain('Too late');
    press('rtc-desk-toast', 'Close');
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-toast'))).to.equal('');
  });

  it('rejects a method with the code, and asks nothing when it is off the page', async () => {
    open = await openDesk();
    open.control.failure = new RtcDeskError('not-found');
    const failed = await open.desk.accept().catch((error: unknown) => error);
    expect((failed as RtcDeskError).code).to.equal('not-found');
    const loose = document.createElement('agent-desk') as AgentDesk;
    const unheard = await loose.accept().catch((error: unknown) => error);
    expect((unheard as RtcDeskError).code).to.equal('offline');
  });

  it("shows the room beside the visitor's details in the call", async () => {
    open = await openDesk();
    const { FakeRoomControl } = await import('../../support/fake-room-control.ts');
    const room = new FakeRoomControl();
    open.control.show({ status: 'busy', call: call() }, { room });
    await open.settle();
    const view = within(open.desk, 'rtc-call-view');
    const callRoom = view.querySelector('call-room') as HTMLElement & { session: unknown };
    expect(callRoom.session).to.equal(room);
    const details = within(view, 'rtc-visitor-details');
    expect(textOf(details)).to.contain('C-1042');
    const copies = [...within(details, 'rtc-params-list').querySelectorAll('button')];
    expect(copies.map((button) => button.getAttribute('aria-label'))).to.include('Copy Device');
  });

  it('offers to bring the call here where another tab is in charge', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', inCharge: false, tabs: 2, call: call() });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain('in use in another tab');
    press('rtc-desk-notices', 'Use this tab');
    await open.settle();
    press('rtc-call-view', 'Bring the call here');
    await open.settle();
    expect(open.control.asked.slice(1)).to.deep.equal(['takeCharge()', 'takeCharge()']);
  });

  it('tells how the call ended and how long the wrap-up lasts, and ends it', async () => {
    open = await openDesk();
    const { chatEntry, FakeRoomControl } = await import('../../support/fake-room-control.ts');
    const entries = [chatEntry({ id: 'm', name: 'Clara', text: 'The lamp is red.' })];
    const lastRoom = new FakeRoomControl({
      chat: { state: 'closed', entries, typing: [], unread: 0 },
    });
    open.control.show({ status: 'wrap-up', wrapUp: wrapUp() }, { lastRoom });
    await open.settle();
    const view = within(open.desk, 'rtc-wrap-up');
    expect(textOf(view)).to.contain('The visitor left the call. You talked for 3 min 5 s.');
    expect(textOf(view)).to.match(/Ends by itself in 0:2[12]/);
    expect(textOf(within(view, 'rtc-past-conversation'))).to.contain('The lamp is red.');
    press('rtc-wrap-up', 'Finish wrap-up');
    await open.settle();
    expect(open.control.asked).to.include('finishWrapUp()');
  });

  it('shows the pictures of the conversation after the call, and links what is safe', async () => {
    open = await openDesk();
    const { chatEntry, FakeRoomControl } = await import('../../support/fake-room-control.ts');
    const image = { id: 'image-1', width: 40, height: 30 };
    const entries = [
      chatEntry({ id: 'a', name: 'Visitor', image }),
      chatEntry({ id: 'b', text: 'See https://example.com/a and javascript:alert(1)' }),
    ];
    const lastRoom = new FakeRoomControl({
      chat: { state: 'closed', entries, typing: [], unread: 0 },
    });
    lastRoom.image = await new OffscreenCanvas(40, 30).getContext('2d')!.canvas.convertToBlob();
    open.control.show({ status: 'wrap-up', wrapUp: wrapUp() }, { lastRoom });
    await open.settle();
    const past = within(within(open.desk, 'rtc-wrap-up'), 'rtc-past-conversation');
    const shown = within(past, 'rtc-chat-image').querySelector<HTMLElement>('button.picture')!;
    await waitUntil(() => shown.ariaBusy === 'false', 'the picture is drawn');
    expect(shown.getAttribute('aria-label')).to.equal('Picture from Visitor');
    const links = [...past.querySelectorAll('a')].map(({ href }) => href);
    expect(links).to.deep.equal(['https://example.com/a']);
  });

  it('lists who waits with place, group and time, and what went on today', async () => {
    open = await openDesk();
    open.control.show({ waiting: [waitingCall(1, 'Ada'), waitingCall(2, '')], today: busyToday });
    await open.settle();
    const waiting = [...within(open.desk, 'rtc-waiting-list').querySelectorAll('li')].map(textOf);
    expect(waiting[0]).to.match(/^1 Ada After-sales · Ringing at an agent 3:[12]\d$/);
    expect(waiting[1]).to.match(/^2 Visitor After-sales 1:(39|4\d)$/);
    const today = textOf(within(open.desk, 'rtc-today-list'));
    expect(today).to.contain('4:04');
    expect(today).to.contain('Jonas Berg');
  });

  it('says why no calls come to somebody who is away, and offers the way back', async () => {
    open = await openDesk();
    open.control.show({ status: 'away', chosen: 'away', missedInRow: 2 });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain('You missed 2 calls in a row');
    press('rtc-desk-notices', 'Become available');
    await open.settle();
    expect(open.control.asked).to.include('setStatus(available)');
  });

  it('says that it is offline, and that a call goes on all the same', async () => {
    open = await openDesk();
    open.control.show({}, { online: false });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain(
      'connection to the desk is lost',
    );
    open.control.show({ status: 'busy', call: call() }, { online: false });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain('The call goes on');
  });

  it('shows hostile names, params and pages as the text that they are', async () => {
    const bad = '<img src=x onerror="window.hacked = true">';
    open = await openDesk();
    const hostile = { ...visitor, name: bad, params: { [bad]: bad, __proto: bad }, page: bad };
    open.control.show({ status: 'ringing', offer: offer({ visitor: hostile, why: bad }) });
    await open.settle();
    const incoming = within(open.desk, 'rtc-incoming-call');
    expect(incoming.querySelector('img')).to.equal(null);
    expect(within(incoming, 'rtc-params-list').querySelector('img')).to.equal(null);
    expect(textOf(incoming)).to.contain(bad);
    open.control.show({ status: 'busy', call: call({ visitor: hostile }) });
    await open.settle();
    expect('hacked' in window).to.equal(false);
  });

  it('warns before a page in a call is left, in the tab in charge only', async () => {
    open = await openDesk();
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    open.control.show();
    expect(leave()).to.equal(false);
    open.control.show({ status: 'busy', call: call(), inCharge: false });
    expect(leave()).to.equal(false);
    open.control.show({ status: 'busy', call: call() });
    expect(leave()).to.equal(true);
    open.desk.remove();
    await aTimeout(0);
    expect(leave()).to.equal(false);
  });

  it('keeps its call when it is moved on the page', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', call: call() });
    const events: string[] = [];
    open.desk.addEventListener('call-accepted', () => events.push('accepted'));
    const box = document.createElement('div');
    document.body.append(box);
    box.append(open.desk);
    await open.settle();
    expect(events).to.deep.equal([]);
    box.remove();
    await waitUntil(() => !open.desk.isConnected);
  });
});
