import { aTimeout, expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { joined } from '../../../support/fake-agent-desk-control.ts';
import { FakeRoomControl, roomSnapshot } from '../../../support/fake-room-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('the call at the desk', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  it("shows the room beside the visitor's details in the call", async () => {
    open = await openDesk();
    const room = new FakeRoomControl();
    open.control.show({ status: 'busy', legs: [joined()] }, { room });
    await open.settle();
    const view = within(open.desk, 'rtc-call-view');
    const callRoom = view.querySelector('call-room') as HTMLElement & { session: unknown };
    expect(callRoom.session).to.equal(room);
    expect(open.desk.room).to.equal(room);
    expect(view.querySelector('rtc-blur-toggle')).to.equal(null);
    const details = within(view, 'rtc-visitor-details');
    expect(textOf(details)).to.contain('C-1042');
    const copies = [...within(details, 'rtc-params-list').querySelectorAll('button')];
    expect(copies.map((button) => button.getAttribute('aria-label'))).to.include('Copy Device');
  });

  /** A desk of this width in a call; its room; and a function that lets messages arrive. */
  const callAt = async (width: number) => {
    const control = new FakeRoomControl();
    open = await openDesk((desk) => (desk.style.width = `${width}px`));
    open.control.show({ status: 'busy', legs: [joined()] }, { room: control });
    await open.settle();
    const room = within(open.desk, 'rtc-call-view').querySelector<CallRoom>('call-room')!;
    const receive = async (unread: number) => {
      control.update({ chat: { ...roomSnapshot.chat, unread } });
      await open.settle();
    };
    return { room, receive };
  };

  it('shows the conversation from the start if the desk is 1,200 px wide', async () => {
    const { room, receive } = await callAt(1200);
    expect(room.chatOpen).to.equal(true);
    room.chatOpen = false;
    await receive(1);
    expect(room.chatOpen).to.equal(false);
  });

  it('opens the conversation once for a new message if the desk is narrower', async () => {
    const { room, receive } = await callAt(1199);
    expect(room.chatOpen).to.equal(false);
    await receive(1);
    expect(room.chatOpen).to.equal(true);
    room.chatOpen = false;
    await receive(2);
    expect(room.chatOpen).to.equal(false);
  });

  it('leaves the focus where it is when the conversation opens by itself', async () => {
    const { receive } = await callAt(900);
    const field = document.createElement('input');
    document.body.append(field);
    field.focus();
    await receive(1);
    expect(document.activeElement).to.equal(field);
    field.remove();
  });

  it('offers to bring the call here if another tab is active', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', activeTab: false, tabs: 2, legs: [joined()] });
    await open.settle();
    // One button takes the call over, not two.
    expect(textOf(within(open.desk, 'rtc-desk-notices'))).to.equal('');
    open.press('rtc-call-view', 'Bring the call here');
    await open.settle();
    expect(open.control.asked.slice(1)).to.deep.equal(['activateTab()']);
  });

  it('lets the agent end a call whose room does not open, after 5 s', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', legs: [joined()] });
    await open.settle();
    const button = within(open.desk, 'rtc-call-view').querySelector('.empty button')!;
    expect(textOf(button)).to.equal('End call');
    expect(getComputedStyle(button).visibility).to.equal('hidden');
    for (const animation of button.getAnimations()) animation.finish();
    expect(getComputedStyle(button).visibility).to.equal('visible');
    open.press('rtc-call-view', 'End call');
    await open.settle();
    expect(open.control.asked.at(-1)).to.equal('endCall()');
  });

  it('warns before the page of a call is left, in the active tab only', async () => {
    open = await openDesk();
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    open.control.show();
    expect(leave()).to.equal(false);
    open.control.show({ status: 'busy', legs: [joined()], activeTab: false });
    expect(leave()).to.equal(false);
    open.control.show({ status: 'busy', legs: [joined()] });
    expect(leave()).to.equal(true);
    open.desk.remove();
    await aTimeout(0);
    expect(leave()).to.equal(false);
  });

  it('keeps its call when it is moved on the page', async () => {
    open = await openDesk();
    open.control.show({ status: 'busy', legs: [joined()] });
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
