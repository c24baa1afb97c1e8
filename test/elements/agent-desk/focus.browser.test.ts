import { expect, waitUntil } from '@open-wc/testing';
import '../../../src/elements/agent-desk/define.ts';
import { FakeRoomControl } from '../../support/fake-room-control.ts';
import { joined, left, offered } from '../../support/fake-agent-desk-control.ts';
import { openDesk, within, type OpenDesk } from './open-desk.ts';

describe('the focus at the desk', () => {
  let open: OpenDesk;
  beforeEach(async () => {
    open = await openDesk();
  });
  afterEach(() => open.close());

  /** The focused element, through all shadow trees. */
  function focused(): Element | null {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  }
  const isAt = (selector: string) =>
    waitUntil(
      () => focused()?.matches(selector),
      `the focus is at ${focused()?.outerHTML.slice(0, 80)}, not at ${selector}`,
    );
  const form = () => within(open.desk, 'rtc-sign-in-form');

  it('goes to the password after a wrong one, and into the desk after the sign-in', async () => {
    form().querySelector<HTMLInputElement>('[name=username]')!.value = 'alice';
    form().querySelector('button')!.focus();
    open.control.update({ state: 'signing-in' });
    await open.settle();
    open.control.update({ state: 'signed-out', error: 'unauthorized' });
    await isAt('[name=password]');
    open.control.show();
    await isAt('.idle');
  });

  it('goes from the accepted call to its controls, from its end to the wrap-up, from there to the desk', async () => {
    open.control.show({ status: 'ringing', legs: [offered()] });
    await open.settle();
    within(open.desk, 'rtc-incoming-call').querySelector<HTMLButtonElement>('.accept')!.focus();
    open.control.show({ status: 'busy', legs: [joined()] }, { room: new FakeRoomControl() });
    await isAt("[data-control='microphone']");
    open.control.show({ status: 'wrap-up', legs: [left()] });
    await open.settle();
    await waitUntil(() => within(open.desk, 'rtc-wrap-up').activeElement !== null, 'not there');
    open.control.show();
    await isAt('.idle');
  });

  it('stays outside where the person works outside', async () => {
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    open.control.show({ status: 'busy', legs: [joined()] }, { room: new FakeRoomControl() });
    await open.settle();
    expect(document.activeElement).to.equal(field);
    field.remove();
  });

  it('may be anywhere in the desk for the shortcuts of the call, except in a field', async () => {
    const room = new FakeRoomControl();
    open.control.show({ status: 'busy', legs: [joined()] }, { room });
    await open.settle();
    const press = (on: Element) =>
      on.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'm', bubbles: true, composed: true, cancelable: true }),
      );
    const asked = () => room.asked.filter((one) => one.startsWith('setMicrophoneOn'));
    const header = within(open.desk, 'rtc-desk-header');
    press(header.querySelector('select')!);
    expect(asked()).to.deep.equal([]);
    press(within(header, 'rtc-sign-out').querySelector('button')!);
    expect(asked()).to.deep.equal(['setMicrophoneOn(false)']);
    const inner = within(within(open.desk, 'rtc-call-view'), 'call-room');
    press(inner.querySelector('rtc-room-stage')!);
    expect(asked()).to.have.length(2);
  });
});
