import { expect } from '@open-wc/testing';
import { GuestRoom } from '../../../src/call/room/guest-room.ts';
import type { SourceName } from '../../../src/call/room-control.ts';
import type { ErrorCode } from '../../../src/protocol/errors.ts';
import type { GuestView } from '../../../src/protocol/views.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { room, ROOM, ticket } from '../../support/fake-views.ts';

const codeOf = (error: { code: string }) => error.code;

describe('GuestRoom', () => {
  let fake: FakeCall;
  let guest: GuestRoom;

  beforeEach(() => {
    fake = new FakeCall();
    fake.server.view = {
      role: 'guest',
      room: room(['agent-1'], { ticket: ticket('visitor-1', { role: 'guest' }) }),
    };
    guest = new GuestRoom({ server: 'https://desk.example.com', token: 'room-token' }, fake.parts);
  });

  afterEach(async () => {
    await guest.leave();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('enters with its token as one person, and leaves', async () => {
    expect(guest.getSnapshot()).to.include({ state: 'joining', room: null });
    guest.join();
    await settle();
    expect(fake.server.hellos[0]).to.include({ role: 'guest', token: 'room-token', fresh: true });
    expect(guest.getSnapshot()).to.include({ state: 'joined', room: ROOM, signaling: 'online' });
    expect(guest.getSnapshot().local.camera.state).to.equal('on');
    await guest.leave();
    expect(fake.server.sent('leave-room')).to.have.length(1);
    expect(guest.getSnapshot().state).to.equal('left');
    expect(guest.getSnapshot().local.camera.track === null).to.equal(true);
  });

  for (const [may, permissions, withheld] of [
    ['only listen', { speak: false, show: false }, ['microphone', 'camera', 'screen']],
    ['speak', { speak: true, show: false }, ['camera', 'screen']],
    ['show', { speak: false, show: true }, ['microphone']],
  ] as const) {
    it(`opens no other device of a person who may ${may}, and offers none`, async () => {
      const own = ticket('visitor-1', {
        role: 'guest',
        permissions: { ...permissions, hidden: false },
      });
      fake.server.view = { role: 'guest', room: room(['agent-1'], { ticket: own }) };
      guest.join();
      await settle();
      expect(guest.getSnapshot()).to.deep.include({ state: 'joined', withheld });
      const state = (name: SourceName) => guest.getSnapshot().local[name].state;
      expect(state('microphone')).to.equal(permissions.speak ? 'on' : 'idle');
      expect(state('camera')).to.equal(permissions.show ? 'on' : 'idle');
      const { microphones, cameras } = guest.getSnapshot().local;
      expect(microphones.length).to.equal(permissions.speak ? 1 : 0);
      expect(cameras.length).to.equal(permissions.show ? 1 : 0);
      const refused = {
        microphone: [() => guest.setMicrophoneOn(true), () => guest.useMicrophone('microphone-1')],
        camera: [() => guest.setCameraOn(true), () => guest.useCamera('camera-1')],
        screen: [() => guest.startScreen()],
      };
      for (const source of withheld) {
        for (const ask of refused[source]) {
          expect(await ask().catch(codeOf), source).to.equal('forbidden');
        }
        expect(state(source)).to.equal('idle');
      }
    });
  }

  it('fails with the reason if the token is refused', async () => {
    fake.server.refuse = { code: 4401, reason: 'unauthorized' };
    guest.join();
    await settle();
    expect(guest.getSnapshot()).to.include({ state: 'failed', error: 'unauthorized' });
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('sends over the next chat what was written while the cloud could not be reached', async () => {
    const cloud: { refuse?: ErrorCode } = { refuse: 'media-blocked' };
    fake = new FakeCall({}, cloud);
    const onCloud = ticket('visitor-1', {
      role: 'guest',
      media: { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' },
    });
    fake.server.view = { role: 'guest', room: room(['agent-1'], { ticket: onCloud }) };
    guest = new GuestRoom({ server: 'https://desk.example.com', token: 'room-token' }, fake.parts);
    guest.join();
    await settle();
    guest.openChat();
    await settle();
    guest.sendText('can you see me?');
    const { id } = guest.getSnapshot().chat.entries[0]!;
    expect(fake.server.sent('fall-back')).to.have.length(1);
    expect(fake.server.sent('chat-send')).to.have.length(0);
    delete cloud.refuse;
    const onMesh = ticket('visitor-1', { role: 'guest' });
    const view: GuestView = { role: 'guest', room: room([], { ticket: onMesh }) };
    fake.server.send({ type: 'snapshot', rev: 9, now: 0, view });
    await settle();
    expect(guest.getSnapshot()).to.include({ state: 'joined', fellBack: true });
    const sent = fake.server.sent('chat-send').map(({ messageId, text }) => ({ messageId, text }));
    expect(sent).to.deep.equal([{ messageId: id, text: 'can you see me?' }]);
  });

  it('passes a watermark and a background to the media, or rejects with a code', async () => {
    expect(await guest.setVirtualBackground({}).catch(codeOf)).to.equal('offline');
    guest.join();
    await settle();
    expect(await guest.setVirtualBackground({}).catch(codeOf)).to.equal('media-failed');
    expect(await guest.setWatermark(null).catch(codeOf)).to.equal('media-failed');
    const asked: unknown[] = [];
    fake.rooms[0]!.effects = {
      setWatermark: async (watermark) => void asked.push(watermark),
      setVirtualBackground: async (background) => void asked.push(background),
    };
    await guest.setVirtualBackground({ blur: 4 });
    await guest.setWatermark(null);
    expect(asked).to.deep.equal([{ blur: 4 }, null]);
  });

  it('shows that signaling is interrupted, and is back', async () => {
    guest.join();
    await settle();
    fake.server.cut();
    expect(guest.getSnapshot().signaling).to.equal('offline');
    await fake.clock.advance(1_000);
    expect(guest.getSnapshot()).to.include({ state: 'joined', signaling: 'online' });
    expect(fake.server.hellos[1]).not.to.have.property('fresh');
  });
});
