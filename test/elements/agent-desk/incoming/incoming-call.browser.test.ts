import { expect } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import {
  joined,
  left,
  offered,
  routingReason,
  visitor,
} from '../../../support/fake-agent-desk-control.ts';
import type { OfferReason } from '../../../../src/protocol/views.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('the incoming call', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  it('moves the focus to the dialog, and to no button in it', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    expect(dialog.open).to.equal(true);
    expect((dialog.getRootNode() as ShadowRoot).activeElement).to.equal(dialog);
  });

  it('tells who calls, the params, and why the call came to this agent', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const text = textOf(within(open.desk, 'rtc-incoming-call'));
    for (const part of ['Clara Whitfield', 'Verified', 'After-sales', 'Device', 'METER-0042']) {
      expect(text).to.contain(part);
    }
    expect(text).to.contain('Customer no');
    expect(text).to.contain('British English');
    expect(text).to.contain('you have been free the longest');
  });

  it('marks an unverified name, but not a missing one', async () => {
    open = await openDesk();
    const ringFor = async (name: string) => {
      open.control.show({
        status: 'ringing',
        legs: [offered({ id: `leg ${name}` }, { visitor: { ...visitor, name, verified: false } })],
      });
      await open.settle();
      return textOf(within(open.desk, 'rtc-incoming-call'));
    };
    expect(await ringFor('Mallory')).to.contain('Name not verified');
    const nameless = await ringFor(' ');
    expect(nameless).not.to.contain('verified');
    expect(nameless).to.contain('Visitor');
  });

  it('says in a sentence why the call came to this agent', async () => {
    open = await openDesk();
    const sentences = {
      'longest-idle': 'you have been free the longest',
      'best-level': 'you have the best skill level of those who are free',
      'last-agent': 'you helped this visitor last time',
      'only-one-free': 'nobody else is free',
      'after-refusals': 'everyone else declined it too',
      ring: 'those who come first are all busy',
      transfer: 'Another agent is transferring it to you',
    } satisfies Record<OfferReason['code'], string>;
    const transfer: OfferReason = { code: 'transfer', params: { group: null, idleSeconds: null } };
    for (const code of Object.keys(sentences) as OfferReason['code'][]) {
      const reason = code === 'transfer' ? transfer : routingReason(code);
      open.control.show({ status: 'ringing', legs: [offered({ id: code, reason })] });
      await open.settle();
      expect(textOf(within(open.desk, 'rtc-incoming-call'))).to.contain(sentences[code]);
    }
  });

  it('is not shown while the desk is offline', async () => {
    open = await openDesk();
    const ringing = { status: 'ringing', legs: [offered()] } as const;
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
    open.control.show({ status: 'wrap-up', legs: [left()] }, { online: false });
    await open.settle();
    const finish = within(open.desk, 'rtc-wrap-up').querySelector('button')!;
    expect(finish.disabled).to.equal(true);
    open.control.show({ status: 'busy', activeTab: false, legs: [joined()] }, { online: false });
    await open.settle();
    const bring = within(open.desk, 'rtc-call-view').querySelector<HTMLButtonElement>(
      '.empty button',
    );
    expect(bring!.disabled).to.equal(true);
  });

  it("counts down on the server's clock", async () => {
    open = await openDesk();
    const hour = 3_600_000;
    const now = Date.now() + hour;
    open.control.show(
      {
        status: 'ringing',
        legs: [
          offered(
            { offeredAt: now - 5_000, deadline: now + 14_500 },
            { requestedAt: now - 61_000 },
          ),
        ],
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
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    open.press('rtc-incoming-call', 'Accept');
    open.press('rtc-incoming-call', 'Accept');
    await open.settle();
    open.press('rtc-incoming-call', 'Decline');
    await open.settle();
    expect(open.control.asked.slice(1)).to.deep.equal(['accept()', 'decline()']);
  });

  it('is not closed, and the call not declined, by Escape', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    const cancel = new Event('cancel', { cancelable: true });
    dialog.dispatchEvent(cancel);
    expect(cancel.defaultPrevented).to.equal(true);
    expect(open.control.asked).not.to.include('decline()');
  });

  it('is in the top layer also after the desk was moved in the page', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    const box = document.createElement('div');
    document.body.append(box);
    box.append(open.desk);
    await open.settle();
    const dialog = within(open.desk, 'rtc-incoming-call').querySelector('dialog')!;
    expect(dialog.matches(':modal')).to.equal(true);
    expect((dialog.getRootNode() as ShadowRoot).activeElement).to.equal(dialog);
    box.remove();
  });

  it('closes when the offer is withdrawn', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    open.control.show();
    await open.settle();
    expect(within(open.desk, 'rtc-incoming-call').querySelector('dialog')!.open).to.equal(false);
  });

  it('is one line with a button in a tab that is not active', async () => {
    open = await openDesk();
    open.control.show({ status: 'ringing', activeTab: false, tabs: 2, legs: [offered()] });
    await open.settle();
    expect(within(open.desk, 'rtc-incoming-call').querySelector('dialog')!.open).to.equal(false);
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.contain(
      'A call from Clara Whitfield is ringing in another tab.',
    );
    open.press('rtc-desk-notices', 'Answer here');
    await open.settle();
    expect(open.control.asked).to.include('accept()');
  });

  it('accepts by itself with `auto-accept`, in the active tab only', async () => {
    open = await openDesk((desk) => (desk.autoAccept = true));
    open.control.show({ status: 'ringing', activeTab: false, legs: [offered()] });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['resume()']);
    open.control.show({ status: 'ringing', legs: [offered()] });
    open.control.show({ status: 'ringing', legs: [offered()], tabs: 2 });
    await open.settle();
    expect(open.control.asked).to.deep.equal(['resume()', 'accept()']);
  });

  it('shows hostile names, params and pages as plain text', async () => {
    const bad = '<img src=x onerror="window.hacked = true">';
    open = await openDesk();
    const hostile = { ...visitor, name: bad, params: { [bad]: bad, __proto: bad }, page: bad };
    open.control.show({ status: 'ringing', legs: [offered({}, { visitor: hostile })] });
    await open.settle();
    const incoming = within(open.desk, 'rtc-incoming-call');
    expect(incoming.querySelector('img')).to.equal(null);
    expect(within(incoming, 'rtc-params-list').querySelector('img')).to.equal(null);
    expect(textOf(incoming)).to.contain(bad);
    open.control.show({ status: 'busy', legs: [joined({}, { visitor: hostile })] });
    await open.settle();
    expect('hacked' in window).to.equal(false);
  });
});
