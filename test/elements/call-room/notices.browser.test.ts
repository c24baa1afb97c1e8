import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { FakeRoomControl } from '../../support/fake-room-control.ts';
import { buttonOf, deepOne, roomOf, settled } from '../../support/room-fixture.ts';

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
