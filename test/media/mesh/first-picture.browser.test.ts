import { expect, waitUntil } from '@open-wc/testing';
import { FakeClock } from '../../support/fake-clock.ts';
import type { RoomGroup } from '../media-room-suite.ts';
import { sees, seesMoving } from '../media-room-suite.ts';
import { MadeConnections, meshGroup } from './mesh-group.ts';

const MEASURED = 2_000;

describe('MeshRoom before and after its first picture', () => {
  let group: RoomGroup;
  let made: readonly RTCPeerConnection[];
  const clock = new FakeClock();
  let connect: MadeConnections['connect'];

  beforeEach(() => {
    ({ made, connect } = new MadeConnections());
    group = meshGroup();
  });
  afterEach(() => group.close());

  /** The scale of each connection's camera picture. The camera is the second m-line. */
  const scales = () =>
    made.map((one) => {
      const [encoding] = one.getTransceivers()[1]!.sender.getParameters().encodings;
      return encoding!.scaleResolutionDownBy;
    });

  it('sends a picture of half the size in both directions until the connection is measured', async () => {
    const ann = await group.enter('ann', { connect, clock });
    const bob = await group.enter('bob', { connect, clock });
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    for (const [one, other] of [
      [ann, 'bob'],
      [bob, 'ann'],
    ] as const) {
      await sees(one, other, 'connected', ({ state }) => state === 'connected');
    }
    expect(scales()).to.deep.equal([2, 2]);
    // The first reading has nothing to compare with.
    const measured = async () => {
      await clock.advance(MEASURED);
      return scales().every((scale) => scale === 1);
    };
    await waitUntil(measured, 'the whole picture is sent');
  });

  it('prepares one connection when it enters, uses it first, and closes it when it leaves', async () => {
    const ann = await group.enter('ann', { connect, clock });
    expect(made).to.have.length(1);
    const bob = await group.enter('bob', { connect, clock });
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    expect(made).to.have.length(2);
    const cyd = await group.invite('cyd', { connect, clock });
    await cyd.room.enter();
    expect(made).to.have.length(3);
    await cyd.room.leave();
    expect(made[2]!.signalingState).to.equal('closed');
  });
});
