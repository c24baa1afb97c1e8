import { expect, waitUntil } from '@open-wc/testing';
import { VIDEO_PROFILES } from '../../../src/protocol/video-profiles.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { RoomGroup } from '../media-room-suite.ts';
import { seesMoving } from '../media-room-suite.ts';
import { MadeConnections, meshGroup } from './mesh-group.ts';

describe('MeshRoom', () => {
  let group: RoomGroup;
  let made: readonly RTCPeerConnection[];
  const clock = new FakeClock();
  let connect: MadeConnections['connect'];

  beforeEach(() => {
    ({ made, connect } = new MadeConnections());
    group = meshGroup();
  });
  afterEach(() => group.close());

  /** How the first connection sends the camera, its second m-line. */
  const camera = () => made[0]!.getTransceivers()[1]!.sender.getParameters();
  const sound = () => made[0]!.getTransceivers()[0]!.sender.track;

  it('sends the camera with the bitrate and the frames of the profile, also of one that comes later', async () => {
    const ann = await group.enter('ann', { connect, clock });
    const bob = await group.enter('bob', { connect, clock });
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    const [usual] = camera().encodings;
    expect(usual).to.include({ maxBitrate: 1_800_000, maxFramerate: 30 });
    ann.local.adapt({ profile: VIDEO_PROFILES.saver });
    await waitUntil(() => camera().encodings[0]!.maxBitrate === 500_000, 'the profile is not used');
    expect(camera().encodings[0]).to.include({ maxFramerate: 15 });
    ann.local.adapt({ profile: VIDEO_PROFILES.detail });
    await waitUntil(() => camera().encodings[0]!.maxBitrate === 2_500_000, 'no detail');
    expect(camera().degradationPreference).to.equal('maintain-resolution');
    ann.local.adapt({ profile: undefined });
    await waitUntil(() => camera().encodings[0]!.maxBitrate === 1_800_000, 'not as usual');
    expect(camera().degradationPreference).not.to.equal('maintain-resolution');
    await seesMoving(bob, 'ann');
  });

  it('does not send what is held, tells the others so, and sends it again afterwards', async () => {
    const ann = await group.enter('ann', { connect, clock });
    const bob = await group.enter('bob', { connect, clock });
    await seesMoving(bob, 'ann');
    const seen = () => bob.room.getSnapshot().remotes[0]!;
    ann.local.adapt({ held: ['camera', 'screen'] });
    await waitUntil(() => !seen().cameraOn, 'bob is not told');
    expect(seen().camera).to.equal(null);
    expect(seen().microphoneOn).to.equal(true);
    await waitUntil(() => made[0]!.getTransceivers()[1]!.sender.track === null, 'it is sent');
    expect(sound()).not.to.equal(null);
    expect(ann.local.getSnapshot().camera.state).to.equal('on');
    ann.local.adapt({ held: ['camera', 'screen', 'microphone'] });
    await waitUntil(() => !seen().microphoneOn && sound() === null, 'the sound is sent');
    ann.local.adapt({ held: [] });
    await seesMoving(bob, 'ann');
    expect(seen()).to.include({ cameraOn: true, microphoneOn: true });
  });
});
