import { expect } from '@open-wc/testing';
import type { MediaModeSnapshot, RoomSnapshot } from '../../../src/call/room-control.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { FakeRoomControl } from '../../support/fake-room-control.ts';
import { buttonOf, deepOne, roomOf, settled } from '../../support/room-fixture.ts';

describe('the notices of a bad network', () => {
  const notices = (room: Element) => deepOne(room, '[part=notices]').textContent!;
  const mode = (change: Partial<MediaModeSnapshot>): Partial<RoomSnapshot> => ({
    mediaMode: { mode: 'video', improved: false, callback: 'none', ...change },
  });

  it('tell each step down and up in a sentence, and lead to the chat', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    for (const [change, sentence] of [
      [
        { mode: 'audio' },
        'The network is too slow for video, so the call goes on with sound only.',
      ],
      [{ mode: 'audio', improved: true }, 'The network is better, and the sound is back.'],
      [{ mode: 'video', improved: true }, 'The network is better, and the video is back.'],
      [{ mode: 'chat' }, 'The network is too slow for sound, so please go on in the chat.'],
    ] as const) {
      session.update(mode(change));
      await settled(room);
      expect(notices(room)).to.contain(sentence);
    }
    deepOne(room, '[part=notices] button').click();
    await settled(room);
    expect(room.hasAttribute('chat-open')).to.equal(true);
    await expect(room).to.be.accessible();
    session.update(mode({}));
    await settled(room);
    expect(notices(room).trim()).to.equal('');
  });

  for (const [role, sentence, button] of [
    ['visitor', 'We can also call you back, and you keep your place in line.', 'Call me back'],
    [
      'agent',
      'The visitor can also be called back, and keeps the place in line.',
      'End and call back',
    ],
  ] as const) {
    it(`offer the ${role} a callback, and tell what becomes of it`, async () => {
      const session = new FakeRoomControl(mode({ mode: 'chat', callback: 'offered' }));
      const [self, ...others] = session.getSnapshot().people;
      session.update({ people: [{ ...self!, role }, ...others] });
      const room = await roomOf(session);
      expect(notices(room)).to.contain(sentence);
      buttonOf(room, button).click();
      await settled(room);
      expect(session.asked).to.include('askForCallback()');
      session.update(mode({ callback: 'failed' }));
      await settled(room);
      expect(notices(room)).to.contain('The callback could not be arranged.');
      session.update(mode({ callback: 'asked' }));
      await settled(room);
      expect(notices(room)).to.contain('The callback is arranged as soon as');
    });
  }
});

describe('the notice of a lost connection', () => {
  it('has a text at once, and goes when the connection is back', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    session.failure = new RtcDeskError('offline');
    buttonOf(room, 'Mute microphone').click();
    await settled(room);
    const notices = deepOne(room, '[part=notices]');
    expect(notices.textContent).to.contain('There is no connection.');
    session.update({ signaling: 'offline' });
    await settled(room);
    expect(notices.textContent).to.contain('There is no connection.');
    session.update({ signaling: 'online' });
    await settled(room);
    expect(notices.textContent!.trim()).to.equal('');
  });
});
