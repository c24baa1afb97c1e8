import { expect, waitUntil } from '@open-wc/testing';
import type { SmallCall } from '../../../src/elements/call-room/small/small-call.ts';
import type { MoreMenu } from '../../../src/elements/call-room/tools/more-menu.ts';
import '../../../src/elements/call-room/tools/more-tools.ts';
import '../../../src/elements/video-call-button/minimised/define-minimised.ts';
import type { FakeRoomControl } from '../../support/fake-room-control.ts';
import { buttonOf, deepAll } from '../../support/room-fixture.ts';
import { mountButton, type Mounted } from './mount-button.ts';

const smallOf = (mounted: Mounted) => {
  const small = mounted.panel().renderRoot.querySelector<SmallCall>('.mark rtc-small-call');
  return small?.hasUpdated ? small : null;
};
const press = (on: Element, key: string) =>
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));

/** Chooses an entry of the menu behind More. */
async function choose(mounted: Mounted, tool: string): Promise<void> {
  const room = mounted.find('call-room');
  await waitUntil(() => deepAll(room.shadowRoot!, '[data-control=more]').length, 'no toolbar');
  buttonOf(room, 'More').click();
  const menu = () => room.shadowRoot!.querySelector<MoreMenu>('rtc-more-menu');
  const entry = () => menu()?.shadowRoot?.querySelector<HTMLElement>(`[data-tool=${tool}]`);
  await waitUntil(entry, `no entry ${tool}`);
  entry()!.click();
}

async function minimised(): Promise<Mounted> {
  const mounted = await mountButton();
  await mounted.inRoom();
  await choose(mounted, 'minimise');
  await waitUntil(() => smallOf(mounted), 'not minimised');
  return mounted;
}

describe('a call that its visitor minimises', () => {
  beforeEach(() => sessionStorage.clear());

  it('is a small window with the focus in it, and leaves the page usable', async () => {
    const mounted = await minimised();
    expect(mounted.dialog().open).to.equal(false);
    const small = smallOf(mounted)!;
    await waitUntil(() => small.shadowRoot!.activeElement, 'the focus is in the window');
    expect(small.shadowRoot!.activeElement).to.equal(buttonOf(small, 'Back to the call'));
    expect(mounted.find('.mark').matches(':popover-open')).to.equal(true);
    await expect(small).to.be.accessible();
    buttonOf(small, 'Mute microphone').click();
    const room = mounted.call.getSnapshot().room as FakeRoomControl;
    expect(room.asked).to.include('setMicrophoneOn(false)');
  });

  it('moves by the arrow keys and by a pointer, and stays in the page', async () => {
    const mounted = await minimised();
    const small = smallOf(mounted)!;
    const frame = small.shadowRoot!.querySelector('.frame')!;
    const left = () => Math.round(frame.getBoundingClientRect().left);
    const handle = buttonOf(small, 'Move the window');
    const first = left();
    press(handle, 'ArrowLeft');
    expect(left()).to.equal(first - 24);
    for (let count = 0; count < 100; count++) press(handle, 'ArrowLeft');
    expect(left()).to.equal(8);
    for (let count = 0; count < 100; count++) press(handle, 'ArrowUp');
    expect(Math.round(frame.getBoundingClientRect().top)).to.equal(8);
    const picture = small.shadowRoot!.querySelector('.picture')!;
    // A made event captures no pointer.
    (frame as HTMLElement).setPointerCapture = () => undefined;
    const drag = (type: string, x: number) =>
      picture.dispatchEvent(
        new PointerEvent(type, { clientX: x, clientY: 50, bubbles: true, composed: true }),
      );
    drag('pointerdown', 50);
    drag('pointermove', 90);
    expect(left()).to.equal(48);
    drag('pointerup', 90);
    drag('pointermove', 200);
    expect(left()).to.equal(48);
  });

  it('comes back by a press, with the focus in the call', async () => {
    const mounted = await minimised();
    buttonOf(smallOf(mounted)!, 'Back to the call').click();
    await waitUntil(() => mounted.dialog().matches(':modal'), 'not restored');
    expect(smallOf(mounted)).to.equal(null);
    expect(mounted.panel().shadowRoot!.activeElement).not.to.equal(null);
  });

  it('stays small while the connection is repaired, and opens for the end', async () => {
    const mounted = await minimised();
    mounted.call.update({ state: 'reconnecting' });
    await mounted.settled();
    expect(smallOf(mounted)).not.to.equal(null);
    mounted.call.update({
      state: 'ended',
      room: null,
      ended: { reason: 'agent-ended', at: 0, seconds: 9 },
    });
    await waitUntil(() => mounted.dialog().matches(':modal'), 'the end is not shown');
  });

  it('goes on small over the page where its button is gone', async () => {
    const mounted = await minimised();
    mounted.button.remove();
    await waitUntil(() => document.querySelector('[data-rtc-call]'), 'not in the page');
    await mounted.settled();
    expect(mounted.dialog().open).to.equal(false);
    expect(mounted.find('.mark').matches(':popover-open')).to.equal(true);
    expect(smallOf(mounted)!.isConnected).to.equal(true);
  });

  it('shows new messages in the small window', async () => {
    const mounted = await minimised();
    const room = mounted.call.getSnapshot().room as FakeRoomControl;
    room.update({ chat: { ...room.getSnapshot().chat, unread: 2 } });
    const small = smallOf(mounted)!;
    await small.updateComplete;
    expect(small.shadowRoot!.querySelector('[role=status]')!.textContent).to.equal(
      '2 new messages',
    );
  });
});

describe('the window above all others', () => {
  const page = window as { documentPictureInPicture?: unknown };
  const before = Object.getOwnPropertyDescriptor(window, 'documentPictureInPicture');
  let frame: HTMLIFrameElement;

  /** A frame plays the window. */
  beforeEach(() => {
    sessionStorage.clear();
    frame = document.createElement('iframe');
    document.body.append(frame);
    const opened = frame.contentWindow!;
    opened.close = () => {
      opened.dispatchEvent(new Event('pagehide'));
      frame.remove();
    };
    const maker = { requestWindow: async () => opened };
    Object.defineProperty(page, 'documentPictureInPicture', { configurable: true, value: maker });
    Object.defineProperty(navigator, 'userActivation', {
      configurable: true,
      value: { isActive: true },
    });
  });
  afterEach(() => {
    frame.remove();
    delete (navigator as { userActivation?: unknown }).userActivation;
    if (before) Object.defineProperty(window, 'documentPictureInPicture', before);
    else delete page.documentPictureInPicture;
  });

  const inWindow = () => frame.contentDocument?.querySelector('body > div')?.shadowRoot ?? null;

  it('has the picture and the controls, with styles and without any inline style sheet', async () => {
    const mounted = await minimised();
    await waitUntil(inWindow, 'no window');
    const root = inWindow()!;
    expect(getComputedStyle(root.querySelector('.picture')!).position).to.equal('relative');
    expect(frame.contentDocument!.querySelector('style')).to.equal(null);
    const names = [...root.querySelectorAll('button')].map((button) => button.ariaLabel);
    expect(names).to.deep.equal(['Mute microphone', 'Back to the call', 'Leave call']);
    const small = smallOf(mounted)!;
    await small.updateComplete;
    expect(small.shadowRoot!.querySelector('.frame')).to.equal(null);
    buttonOf(small, 'Back to the call').click();
    await waitUntil(() => mounted.dialog().matches(':modal'), 'not restored');
    expect(frame.isConnected).to.equal(false);
  });

  it('is followed by the small window in the page when somebody closes it', async () => {
    const mounted = await minimised();
    await waitUntil(inWindow, 'no window');
    frame.contentWindow!.close();
    const small = smallOf(mounted)!;
    await waitUntil(() => small.shadowRoot!.querySelector('.frame'), 'no small window');
    expect(mounted.dialog().open).to.equal(false);
  });

  it('tells at any time what becomes of the recording', async () => {
    const mounted = await minimised();
    await waitUntil(inWindow, 'no window');
    const said = () => inWindow()!.querySelector('.recorded')!.textContent!.trim();
    expect(said()).to.equal('');
    const texts = {
      asked: 'May we record this call?',
      recording: 'This call is being recorded',
      paused: 'The recording is paused',
      stopped: 'The recording has ended',
    } as const;
    for (const [state, text] of Object.entries(texts)) {
      mounted.call.update({ recording: { state: state as keyof typeof texts, since: 1 } });
      await waitUntil(() => said() === text, `not told: ${text}`);
    }
    const mark = inWindow()!.querySelector('.recording-mark')!;
    expect(getComputedStyle(mark).display).to.equal('flex');
  });

  it('closes with the room', async () => {
    const mounted = await minimised();
    await waitUntil(inWindow, 'no window');
    const room = mounted.call.getSnapshot().room as FakeRoomControl;
    room.update({ state: 'left' });
    await waitUntil(() => !frame.isConnected, 'the window is open');
  });
});
