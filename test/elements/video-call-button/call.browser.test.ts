import { expect, waitUntil } from '@open-wc/testing';
import type { VideoCallButton } from '../../../src/elements/video-call-button/video-call-button.ts';
import type { JoinQuestion } from '../../../src/elements/video-call-button/join/join-question.ts';
import { FakeRoomControl, localMedia } from '../../support/fake-room-control.ts';
import { FakeVisitorCallControl } from '../../support/fake-visitor-call-control.ts';
import { mountButton } from './mount-button.ts';

/** Does what Escape does to a dialog. */
function escape(dialog: HTMLDialogElement): void {
  dialog.requestClose();
}

/** Holds the code of the call back until the returned function is called. */
function holdCode(button: VideoCallButton): () => void {
  const load = button.loadCall;
  let come = () => {};
  const held = new Promise<void>((resolve) => (come = resolve));
  button.loadCall = () => held.then(() => load.call(button));
  return come;
}

describe('video-call-button', () => {
  beforeEach(() => sessionStorage.clear());

  it('requests one call, however often it is pressed', async () => {
    const mounted = await mountButton();
    mounted.press();
    mounted.press();
    await mounted.settled();
    mounted.press();
    await mounted.button.call();
    expect(mounted.call.asked.filter((what) => what === 'start')).to.have.length(1);
    expect(mounted.dialog().matches(':modal')).to.equal(true);
  });

  it('reflects the state, and dispatches the events', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const estimate = { min: 60, max: 120 };
    mounted.call.update({ state: 'queued', callId: 'c', position: 2, estimate });
    mounted.call.update({ online: false });
    mounted.call.update({ position: 1 });
    mounted.call.update({ state: 'ringing', position: null, estimate: null });
    expect(mounted.button.room).to.equal(null);
    const room = new FakeRoomControl();
    mounted.call.update({ state: 'connected', room });
    expect(mounted.button.room).to.equal(room);
    mounted.call.update({ state: 'reconnecting' });
    mounted.call.update({ state: 'connected' });
    await mounted.settled();
    expect(mounted.button.getAttribute('state')).to.equal('connected');
    mounted.call.update({ state: 'ended', ended: { reason: 'agent-ended', at: 0, seconds: 9 } });
    expect(mounted.told).to.deep.equal([
      'call-queued {"callId":"c","position":2,"estimate":{"min":60,"max":120}}',
      'call-queued {"callId":"c","position":1,"estimate":{"min":60,"max":120}}',
      'call-ringing',
      'call-connected {"callId":"c"}',
      'call-ended {"callId":"c","reason":"agent-ended","seconds":9}',
    ]);
  });

  it('says offline that the place is kept, but only if there is a call', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const note = () => mounted.dialog().querySelector('.note')?.textContent;
    mounted.call.update({ state: 'queued', online: false });
    await mounted.settled();
    expect(note()).to.equal('Reconnecting…');
    mounted.call.update({ callId: 'c', position: 2 });
    await mounted.settled();
    expect(note()).to.equal('Reconnecting… Your place is kept.');
  });

  it('requests the call with the values of the page and its address', async () => {
    const before = location.href;
    history.replaceState(null, '', '?device=METER-1&other=x');
    try {
      const mounted = await mountButton({
        skill: 'after-sales',
        'visitor-name': ' Ada ',
        identity: 'jwt',
        'params-from-url': 'device, fault',
      });
      mounted.button.params = { customer: '7' };
      await mounted.button.call();
      const { answer, ...request } = mounted.call.request!;
      expect(answer).to.be.a('function');
      expect(request).to.deep.equal({
        skill: 'after-sales',
        name: 'Ada',
        identity: 'jwt',
        params: { device: 'METER-1', customer: '7' },
        language: 'en',
      });
    } finally {
      history.replaceState(null, '', before);
    }
  });

  it('sends no control character and no half of a character, which the server refuses', async () => {
    const before = location.href;
    const wide = encodeURIComponent(`${'x'.repeat(255)}\u{1f600}`);
    history.replaceState(null, '', `?device=a%00b%0D%0Ac&long=${wide}`);
    try {
      const mounted = await mountButton({ 'params-from-url': 'device long' });
      mounted.button.params = { note: 'line\r\nline\ttab\u001b' };
      await mounted.button.call();
      expect(mounted.call.request?.params).to.deep.equal({
        device: 'ab\nc',
        long: 'x'.repeat(255),
        note: 'line\nline\ttab',
      });
    } finally {
      history.replaceState(null, '', before);
    }
  });

  it('says that it connects, without crossed-out devices, until the desk has answered', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const idle = { state: 'idle', error: null, deviceId: '', track: null } as const;
    mounted.call.update({ local: { ...localMedia, camera: idle, microphone: idle } });
    await mounted.settled();
    expect(mounted.find('.line').textContent).to.equal('Connecting…');
    expect(mounted.dialog().querySelector('.off')).to.equal(null);
    expect(mounted.dialog().textContent).not.to.contain('off');
  });

  it('asks the visitor of a hidden page to join, and opens for it', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: 'c', position: 1 });
    await mounted.settled();
    escape(mounted.dialog());
    await waitUntil(() => !mounted.dialog().open, 'not minimised');
    mounted.call.update({
      state: 'connecting',
      joinAsked: true,
      agentName: 'Alice',
      position: null,
    });
    await waitUntil(() => mounted.dialog().matches(':modal'), 'not asked');
    await waitUntil(() => mounted.dialog().querySelector('rtc-join-question'), 'no question');
    const question = mounted.find<JoinQuestion>('rtc-join-question');
    await question.updateComplete;
    expect(question.renderRoot.textContent).to.contain('Alice is here for you');
    question.renderRoot.querySelector('button')!.click();
    expect(mounted.call.asked).to.include('join');
    await mounted.settled();
    expect(mounted.dialog().querySelector('rtc-join-question')).to.equal(null);
  });

  it('closes the panel when the visitor cancels', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.control('Cancel').click();
    await waitUntil(() => !mounted.dialog().open, 'still open');
    expect(mounted.button.state).to.equal('idle');
    expect(mounted.told).to.deep.equal([
      'call-ended {"callId":"","reason":"cancelled","seconds":0}',
    ]);
  });

  it('moves nothing in the panel when the texts of the wait change', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    const heights = new Set<number>();
    for (const state of [
      { state: 'queued', callId: 'c', position: 2, estimate: { min: 60, max: 240 } },
      { agentOnline: false },
      { online: false },
      { online: true, agentOnline: true, position: 1, estimate: null },
      { state: 'ringing', position: null },
      { state: 'connecting', agentName: 'Alexandra Featherstonehaugh-Cholmondeley' },
    ] as const) {
      mounted.call.update(state);
      await mounted.settled();
      heights.add(mounted.find('.place').getBoundingClientRect().height);
    }
    expect([...heights]).to.have.length(1);
  });

  it('can be minimised while waiting, and opens by itself for the call', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update({ state: 'queued', callId: 'c', position: 2 });
    await mounted.settled();
    escape(mounted.dialog());
    await waitUntil(() => mounted.find('.mark').matches(':popover-open'), 'not put aside');
    expect(mounted.dialog().open).to.equal(false);
    expect(mounted.control('Number 2 in line').checkVisibility()).to.equal(true);
    mounted.call.update({ position: 1 });
    await mounted.settled();
    mounted.control('Number 1 in line').click();
    await waitUntil(() => mounted.dialog().matches(':modal'), 'the line is not shown');
    escape(mounted.dialog());
    mounted.call.update({ state: 'connecting', room: new FakeRoomControl() });
    await waitUntil(() => mounted.dialog().matches(':modal'), 'the call is not shown');
  });

  it('asks before Escape ends a call, however often it is pressed', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    const isOpen = () =>
      mounted
        .panel()
        .renderRoot.querySelector('rtc-leave-question')
        ?.renderRoot.querySelector('dialog')?.open ?? false;
    for (let n = 0; n < 3; n += 1) {
      escape(mounted.dialog());
      await waitUntil(() => mounted.dialog().open && isOpen(), 'not asked');
      mounted.control('Stay in the call').click();
      expect(isOpen()).to.equal(false);
    }
    mounted.dialog().close();
    // The event comes with the next frame, which a page in the background never gets.
    mounted.dialog().dispatchEvent(new Event('close'));
    await waitUntil(() => mounted.dialog().matches(':modal') && isOpen(), 'not asked');
    expect(mounted.call.asked).not.to.include('hangUp');
    mounted.control('End the call').click();
    await waitUntil(() => mounted.button.state === 'ended', 'not ended');
  });

  it('tells why the call ended and how long it was, and offers to call again', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    mounted.call.update({
      state: 'ended',
      room: null,
      ended: { reason: 'agent-ended', at: 0, seconds: 65 },
    });
    await mounted.settled();
    expect(mounted.find('.outcome').textContent).to.contain('The agent ended the call.');
    await waitUntil(
      () => mounted.find('.outcome').textContent.includes('1 min 5 s'),
      'the code of the end of a call is loaded',
    );
    mounted.control('Call again').click();
    await mounted.settled();
    expect(mounted.call.asked.filter((what) => what === 'start')).to.have.length(2);
    mounted.call.update({ state: 'ended', ended: { reason: 'abandoned', at: 0, seconds: 0 } });
    await mounted.settled();
    mounted.control('Close').click();
    await mounted.settled();
    expect(mounted.dialog().open).to.equal(false);
    expect(mounted.button.state).to.equal('idle');
  });

  it('takes over a call from another window', async () => {
    const mounted = await mountButton();
    mounted.call.refuse = 'signed-in-elsewhere';
    mounted.press();
    await mounted.settled();
    await waitUntil(() => mounted.told.length > 0, 'the page is told');
    expect(mounted.told[0]).to.match(/"code":"signed-in-elsewhere"/);
    mounted.control('Continue here').click();
    await mounted.settled();
    expect(mounted.call.asked).to.include('takeOver');
    mounted.call.update({ state: 'queued', error: null });
    await mounted.settled();
    expect(mounted.dialog().matches(':modal')).to.equal(true);
    expect(mounted.button.state).to.equal('queued');
  });

  it('switches camera and microphone while waiting', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.control('Turn camera off').click();
    mounted.control('Mute microphone').click();
    expect(mounted.call.asked).to.include.members(['setCameraOn(false)', 'setMicrophoneOn(false)']);
  });

  it('flips the camera of a phone while waiting', async () => {
    const mounted = await mountButton();
    mounted.press();
    await mounted.settled();
    mounted.call.update({ local: { ...localMedia, otherSide: 'environment' } });
    await mounted.settled();
    mounted.control('Flip camera').click();
    expect(mounted.call.asked).to.include('useCamera(environment)');
  });

  it('takes the shortcuts of the room wherever the focus is in the panel', async () => {
    const mounted = await mountButton();
    await mounted.inRoom();
    const room = mounted.call.getSnapshot().room as FakeRoomControl;
    expect(mounted.find<HTMLElement>('[data-focus]').matches(':focus')).to.equal(true);
    mounted
      .find('[data-focus]')
      .dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true, composed: true }));
    expect(room.asked).to.include('setMicrophoneOn(false)');
  });

  it('starts no call if it was removed before its code was loaded', async () => {
    const { button, call, press } = await mountButton();
    const come = holdCode(button);
    press();
    const place = button.parentElement!;
    button.remove();
    come();
    await button.call();
    expect(call.asked).to.deep.equal([]);
    place.append(button);
    await button.call();
    expect(call.asked).to.deep.equal(['start']);
  });

  it('starts no call if the visitor hung up before its code was loaded', async () => {
    const { button, call, press } = await mountButton();
    const come = holdCode(button);
    press();
    const asked = button.call();
    await button.hangUp();
    come();
    await asked;
    expect(call.asked).to.deep.equal([]);
    await button.call();
    expect(call.asked).to.deep.equal(['start']);
  });

  it('looks for an earlier call only if a token of this site is stored', async () => {
    const key = `rtc-desk:resume:${location.origin}/:demo`;
    const call = new FakeVisitorCallControl();
    call.earlier = { state: 'queued', callId: 'c', position: 4 };
    const none = await mountButton({ site: 'other' }, call);
    expect(none.call.asked).to.deep.equal([]);
    localStorage.setItem(key, 'x'.repeat(43));
    try {
      const mounted = await mountButton({}, call);
      await mounted.settled();
      await waitUntil(() => mounted.dialog().open, 'the place did not come back');
      expect(mounted.call.asked).to.deep.equal(['resume']);
      expect(mounted.find('[role=status]').textContent).to.equal('You are number 4 in line');
    } finally {
      localStorage.removeItem(key);
    }
  });
});
