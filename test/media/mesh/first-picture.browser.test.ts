import { expect, waitUntil } from '@open-wc/testing';
import { MeshRoom } from '../../../src/media/mesh/room.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { Gathering, sees, seesMoving } from '../media-room-suite.ts';

const MEASURED = 2_000;

describe('MeshRoom, before and after its first picture', () => {
  let gathering: Gathering;
  let made: RTCPeerConnection[];
  const clock = new FakeClock();
  const connect = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new RTCPeerConnection(configuration);
    made.push(connection);
    return connection;
  };

  beforeEach(() => {
    made = [];
    gathering = new Gathering({
      name: 'MeshRoom',
      real: true,
      make: (options) => new MeshRoom({ ...options, ticket: { provider: 'mesh', iceServers: [] } }),
      makeLocal: () => new FakeLocalMedia(),
    });
  });
  afterEach(() => gathering.close());

  /** By how much each connection makes its camera's picture smaller; the camera's line is the second. */
  const scales = () =>
    made.map((one) => {
      const [encoding] = one.getTransceivers()[1]!.sender.getParameters().encodings;
      return encoding!.scaleResolutionDownBy;
    });

  it('sends a picture of half the size until the connection was measured, from both sides', async () => {
    const ann = await gathering.enter('ann', { connect, clock });
    const bob = await gathering.enter('bob', { connect, clock });
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    for (const [one, other] of [
      [ann, 'bob'],
      [bob, 'ann'],
    ] as const) {
      await sees(one, other, 'connected', ({ state }) => state === 'connected');
    }
    expect(scales()).to.deep.equal([2, 2]);
    // A first reading has nothing to be compared with.
    const measured = async () => {
      await clock.advance(MEASURED);
      return scales().every((scale) => scale === 1);
    };
    await waitUntil(measured, 'the whole picture is sent');
  });

  it('has one connection ready when it enters, uses it first, and lets go of it when it leaves', async () => {
    const ann = await gathering.enter('ann', { connect, clock });
    expect(made).to.have.length(1);
    const bob = await gathering.enter('bob', { connect, clock });
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    expect(made).to.have.length(2);
    const cyd = await gathering.invite('cyd', { connect, clock });
    await cyd.room.enter();
    expect(made).to.have.length(3);
    await cyd.room.leave();
    expect(made[2]!.signalingState).to.equal('closed');
  });
});
