import { expect } from '@open-wc/testing';
import { RoomParticipation } from '../../../src/call/room/participation.ts';
import type { MediaProvider, MediaTicket } from '../../../src/protocol/views.ts';
import type { Signaling } from '../../../src/signaling/signaling.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { room, ticket } from '../../support/fake-views.ts';

const TRTC = { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' } as const;
const MESH = { provider: 'mesh', iceServers: [] } as const;

describe('RoomParticipation', () => {
  let fake: FakeCall;
  let signaling: Signaling;
  let participation: RoomParticipation;

  beforeEach(async () => {
    fake = new FakeCall();
    signaling = fake.parts.connect({
      server: location.origin,
      hello: () => ({ type: 'hello', protocol: 1, role: 'guest', token: 't' }),
      onDelivery: (delivery) => participation.handleDelivery(delivery),
    });
    participation = new RoomParticipation({
      server: location.origin,
      parts: fake.parts,
      onLeave: async () => {},
      onChange: () => {},
    });
    signaling.open();
    await fake.local.start();
    await settle();
  });

  afterEach(async () => {
    participation.leave(false);
    signaling.close();
    fake.local.stop();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
  });

  const follow = async (
    media: MediaTicket,
    participant = 'visitor-1',
    usualMedia?: MediaProvider,
  ) => {
    participation.follow(signaling, {
      view: room(['agent-1', participant], { ticket: ticket(participant, { media }) }),
      connectedAt: fake.clock.now(),
      usualMedia,
    });
    await settle();
  };
  const inside = () => fake.rooms.map((one) => one.getSnapshot().state);

  it('moves to the media of a new ticket with the same devices and participant', async () => {
    await follow(TRTC);
    const before = participation.room!;
    const { camera } = fake.local.getSnapshot();
    await follow(MESH);
    expect(inside()).to.deep.equal(['left', 'entered']);
    expect(fake.rooms.map(({ options }) => options.ticket)).to.deep.equal([TRTC, MESH]);
    expect(fake.rooms.map(({ options }) => options.self)).to.deep.equal(['visitor-1', 'visitor-1']);
    expect(before.getSnapshot()).to.include({ state: 'left', error: null });
    expect(participation.room!.getSnapshot()).to.include({ state: 'joined', fellBack: true });
    expect(fake.local.getSnapshot().camera === camera, 'the camera stays').to.equal(true);
    expect(fake.server.sent('leave-room'), 'nobody is told of a leaving').to.have.length(0);
    expect(fake.server.sent('enter-room')).to.have.length(2);
  });

  it('shows the fallback also to somebody who comes after it', async () => {
    await follow(MESH, 'visitor-1', 'trtc');
    expect(participation.room!.getSnapshot().fellBack).to.equal(true);
    await follow(MESH, 'visitor-2', 'mesh');
    expect(participation.room!.getSnapshot().fellBack).to.equal(false);
  });

  it('keeps its session if the ticket is only renewed', async () => {
    await follow(TRTC);
    await follow({ ...TRTC, userSig: 'renewed' });
    expect(inside()).to.deep.equal(['entered']);
  });

  it('shows no fallback for a new participant with other media', async () => {
    await follow(TRTC);
    await follow(MESH, 'visitor-2');
    expect(inside()).to.deep.equal(['left', 'entered']);
    expect(participation.room!.getSnapshot().fellBack).to.equal(false);
  });

  it('reconnects the call after one of the two could not reach the cloud', async () => {
    await follow(TRTC);
    fake.rooms[0]!.change({ state: 'failed', error: 'media-blocked', remotes: [] });
    await settle();
    expect(fake.server.sent('fall-back')).to.have.length(1);
    expect(participation.room!.getSnapshot().state).to.equal('reconnecting');
    await follow(MESH);
    expect(participation.room!.getSnapshot()).to.include({ state: 'joined', error: null });
  });
});
