import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import { FakeRoomControl, localMedia } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';
import { refused } from '../people-of-a-room.ts';

describe('the controls', () => {
  it('send requests, and change only with the next snapshot', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    buttonOf(room, 'Mute microphone').click();
    buttonOf(room, 'Turn camera off').click();
    buttonOf(room, 'Leave call').click();
    await settled(room);
    expect(session.asked.filter((one) => !one.startsWith('setPictureSize'))).to.deep.equal([
      'setMicrophoneOn(false)',
      'setCameraOn(false)',
      'leave()',
    ]);
    buttonOf(room, 'Mute microphone');
    session.update({
      local: { ...localMedia, microphone: { ...refused, state: 'off', error: null } },
    });
    await settled(room);
    buttonOf(room, 'Unmute microphone');
  });

  it('are one stop of the Tab key, and the arrow keys go through them', async () => {
    const room = await roomOf(new FakeRoomControl());
    const buttons = deepAll<HTMLButtonElement>(room.shadowRoot!, '[role=toolbar] button');
    expect(buttons.filter(({ tabIndex }) => tabIndex === 0)).lengthOf(1);
    buttons[0]!.focus();
    const press = (key: string, on: HTMLElement) =>
      on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    press('ArrowRight', buttons[0]!);
    const bar = deepOne(room, 'rtc-call-controls').shadowRoot!;
    expect(bar.activeElement).to.equal(buttons[1]);
    press('End', buttons[1]!);
    expect(bar.activeElement).to.equal(buttons.at(-1));
    press('ArrowRight', buttons.at(-1)!);
    expect(bar.activeElement).to.equal(buttons[0]);
  });

  it('flip the camera of a phone, and are not there for a computer', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    expect(deepAll(room.shadowRoot!, '[data-control=flip]')).lengthOf(0);
    session.update({ local: { ...localMedia, otherSide: 'environment' } });
    await settled(room);
    buttonOf(room, 'Flip camera').click();
    expect(session.asked).to.include('useCamera(environment)');
  });

  it('are the ones that the attribute names', async () => {
    const room = await roomOf(new FakeRoomControl());
    room.setAttribute('controls', 'microphone leave nonsense');
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=toolbar] button')).lengthOf(2);
    room.setAttribute('controls', '');
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=toolbar]')).lengthOf(0);
  });

  it('are not there for what the person may not send, and no key presses them', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const names = () =>
      deepAll(room.shadowRoot!, '[role=toolbar] button').map((button) =>
        button.getAttribute('data-control'),
      );
    expect(names()).to.include.members(['microphone', 'camera']);
    session.update({ withheld: ['microphone', 'camera', 'screen'] });
    await settled(room);
    expect(names()).not.to.include.oneOf(['microphone', 'camera', 'screen']);
    expect(names()).to.include('leave');
    for (const key of ['m', 'v']) {
      room.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    }
    expect(session.asked.filter((one) => /Microphone|Camera/.test(one))).to.deep.equal([]);
  });

  it('count new messages, one message in the singular', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const countOf = async (unread: number) => {
      session.update({ chat: { ...session.getSnapshot().chat, unread } });
      await settled(room);
      const status = deepOne(room, 'rtc-call-controls').shadowRoot!.querySelector('[role=status]');
      expect(buttonOf(room, 'Chat').getAttribute('aria-description')).to.equal(status?.textContent);
      return status?.textContent;
    };
    expect(await countOf(1)).to.equal('1 new message');
    expect(await countOf(2)).to.equal('2 new messages');
    expect(await countOf(120)).to.equal('120 new messages');
  });

  it('obey single keys, except in a field', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    const type = (on: Element, key: string) =>
      on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    type(deepOne(room, 'textarea'), 'm');
    expect(session.asked).not.to.include('setMicrophoneOn(false)');
    type(deepOne(room, '[role=log]'), 'm');
    expect(session.asked).to.include('setMicrophoneOn(false)');
  });

  it('tell the person and the page why a request failed', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    session.failure = new RtcDeskError('device-busy');
    const told = new Promise<string>((resolve) => {
      room.addEventListener('call-error', ({ detail }) => resolve(detail.code), { once: true });
    });
    buttonOf(room, 'Turn camera off').click();
    expect(await told).to.equal('device-busy');
    await settled(room);
    expect(deepOne(room, '[role=alert]').textContent).to.contain('Another program');
  });
});
