import { expect, oneEvent } from '@open-wc/testing';
import type { AgentDesk } from '../../../src/elements/agent-desk/agent-desk.ts';
import '../../../src/elements/agent-desk/define.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { codeOf } from '../../support/error-code.ts';
import { busyToday, joined, offered, waitingCall } from '../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within, type OpenDesk } from './open-desk.ts';

describe('<agent-desk>', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

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

  it('signs in with the typed credentials, and shows a refusal in words', async () => {
    open = await openDesk();
    const form = within(open.desk, 'rtc-sign-in-form');
    const [username, password] = form.querySelectorAll('input');
    username!.value = ' alice ';
    password!.value = ' secret ';
    open.press('rtc-sign-in-form', 'Sign in');
    await open.settle();
    expect(open.control.asked).to.include('signIn({"username":"alice","password":" secret "})');
    open.control.update({ error: 'unauthorized' });
    await open.settle();
    expect(textOf(form.querySelector('[role=alert]'))).to.contain('Username or password is wrong');
  });

  it('asks for the code of the authenticator app if one is needed, and keeps asking', async () => {
    open = await openDesk();
    const form = within(open.desk, 'rtc-sign-in-form');
    const [username, password] = form.querySelectorAll('input');
    username!.value = 'olivia';
    password!.value = 'secret';
    open.control.update({ error: 'second-factor-needed' });
    await open.settle();
    const code = form.querySelector<HTMLInputElement>('[name=code]')!;
    expect(code.autocomplete).to.equal('one-time-code');
    code.value = '123456';
    open.press('rtc-sign-in-form', 'Sign in');
    await open.settle();
    expect(open.control.asked).to.include(
      'signIn({"username":"olivia","password":"secret","code":"123456"})',
    );
    open.control.update({ error: 'unauthorized' });
    await open.settle();
    expect(form.querySelector('[name=code]')).not.to.equal(null);
  });

  it('signs in at the site of its attribute', async () => {
    open = await openDesk((desk) => (desk.site = 'acme'));
    await open.desk.signIn({ username: 'alice', password: 'secret' });
    const other = open.desk.signIn({ site: 'other', username: 'alice', password: 'secret' });
    expect(await codeOf(other)).to.equal('forbidden');
    await open.desk.signIn({ token: 'jwt' });
    expect(open.control.asked.filter((asked) => asked.startsWith('signIn'))).to.deep.equal([
      'signIn({"username":"alice","password":"secret","site":"acme"})',
      'signIn({"token":"jwt"})',
    ]);
  });

  it('signs in with the token of its attribute, without a form and once', async () => {
    open = await openDesk((desk) => (desk.token = 'jwt'));
    open.control.update({ state: 'signing-in' });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['signIn({"token":"jwt"})']);
  });

  it('shows the chosen status when the server has confirmed it', async () => {
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

  it('shows during a call the status that was chosen for the time after it', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', chosen: 'break', legs: [joined()] });
    await open.settle();
    const header = within(open.desk, 'rtc-desk-header');
    const field = header.querySelector('select')!;
    expect(field.selectedOptions[0]?.text.trim()).to.equal('In a call');
    expect(textOf(header)).to.contain('then on break');
    expect(textOf(header)).not.to.match(/\d:\d\d/);
    expect(header.querySelector('.dot')!.className).to.equal('dot busy');
  });

  it('shows no clock to an agent who is offline, and the time of an available one', async () => {
    open = await openDesk();
    open.control.show({ status: 'offline', chosen: 'offline' });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-header'))).not.to.match(/\d:\d\d/);
    open.control.show({ status: 'available', chosen: 'available' });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-header'))).to.match(/1:0\d/);
  });

  it('shows how many wait, in each group and during a call', async () => {
    open = await openDesk();
    const skill = { id: 'after-sales', name: 'After-sales' };
    const queues = [{ skill, waiting: 3, oldest: Date.now() - 65_000 }];
    open.control.show({ queues });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-queue-list'))).to.match(
      /After-sales 3 waiting Longest wait 1:0\d/,
    );
    open.control.show({ queues, status: 'busy', legs: [joined()] });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-call-view'))).to.contain('3 waiting');
  });

  it('tells what happened to an offer that was neither accepted nor declined', async () => {
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
      'Back in the queue',
      'Visitor cancelled',
      'Visitor left',
      'Did not connect',
    ]);
  });

  it('shows a failure in words, and dispatches an event', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    open.control.failure = new RtcDeskError('conflict');
    const told = oneEvent(open.desk, 'call-error');
    open.press('rtc-incoming-call', 'Accept');
    expect((await told).detail).to.include({ code: 'conflict' });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-toast'))).to.contain('Too late');
    open.press('rtc-desk-toast', 'Close');
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

  it('lists the waiting calls with place, group and time, and the calls of today', async () => {
    open = await openDesk();
    open.control.show({ waiting: [waitingCall(1, 'Ada'), waitingCall(2, '')], today: busyToday });
    await open.settle();
    const waiting = [...within(open.desk, 'rtc-waiting-list').querySelectorAll('li')].map(textOf);
    const about = 'METER-0042 · No power';
    expect(waiting[0]).to.match(new RegExp(`^1 Ada ${about} · Ringing at an agent 3:[12]\\d$`));
    expect(waiting[1]).to.match(new RegExp(`^2 Visitor ${about} 1:(39|4\\d)$`));
    const today = textOf(within(open.desk, 'rtc-today-list'));
    expect(today).to.contain('Talk time 8:08 Average handling 5:01');
    expect(today).to.contain('Jonas Berg');
  });

  it('numbers the waiting calls within each group, with the names of the groups', async () => {
    open = await openDesk();
    const other = { id: 'pre-sales', name: 'Pre-sales' };
    const calls = [
      waitingCall(1, 'Ada'),
      { ...waitingCall(1, 'Bea'), id: 'b', skill: other },
      waitingCall(2, 'Cem'),
    ];
    open.control.show({ waiting: calls });
    await open.settle();
    const lists = [...within(open.desk, 'rtc-waiting-list').querySelectorAll('ol')];
    const heads = lists.map((list) => textOf(list.previousElementSibling));
    expect(heads).to.deep.equal(['After-sales', 'Pre-sales']);
    const names = (list: Element) => [...list.querySelectorAll('.place, .name')].map(textOf);
    expect(lists.map(names)).to.deep.equal([
      ['1', 'Ada', '2', 'Cem'],
      ['1', 'Bea'],
    ]);
  });

  it('tells an agent who is away why no calls come, and offers to become available', async () => {
    open = await openDesk();
    open.control.show({ status: 'away', chosen: 'away', missedInRow: 2 });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain('You missed 2 calls in a row');
    open.press('rtc-desk-notices', 'Take calls again');
    await open.settle();
    expect(open.control.asked).to.include('setStatus(available)');
  });

  it('counts missed calls, one call in the singular', async () => {
    open = await openDesk();
    for (const [missedInRow, text] of [
      [0, 'You are away, so calls go to others for now.'],
      [1, 'You missed a call, so calls go to others for now.'],
      [3, 'You missed 3 calls in a row, so calls go to others for now.'],
    ] as const) {
      open.control.show({ status: 'away', chosen: 'away', missedInRow });
      await open.settle();
      expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain(text);
    }
  });

  it('tells that it is offline, and that a call goes on', async () => {
    open = await openDesk();
    open.control.show({}, { online: false });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain(
      'connection to the desk is lost',
    );
    open.control.show({ status: 'busy', legs: [joined()] }, { online: false });
    await open.settle();
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain('The call goes on');
  });
});
