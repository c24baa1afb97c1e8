import { expect, waitUntil } from '@open-wc/testing';
import { VIDEO_PROFILES } from '../../../src/protocol/video-profiles.ts';
import { settle } from '../../support/fake-clock.ts';
import { sdkError } from '../../support/trtc-stand-in.ts';
import { remoteOf, TrtcWorld } from './trtc-world.ts';

describe('TrtcRoom', () => {
  let world: TrtcWorld;
  beforeEach(() => {
    world = new TrtcWorld();
  });
  afterEach(() => world.end());

  describe('sending', () => {
    it('gives the SDK our tracks, and never lets it open a device', async () => {
      const ann = await world.enter('ann');
      expect(ann.sdk.sends).to.deep.equal(['main', 'sound']);
    });

    it('changes the camera without a gap for the others', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      await waitUntil(() => remoteOf(bob)?.camera);
      const { camera } = ann.local.getSnapshot();
      ann.local.change({ camera: { ...camera, state: 'starting', track: null } });
      await settle();
      expect(remoteOf(bob)).to.include({ cameraOn: true });
      await ann.local.useCamera('camera-2');
      await settle();
      expect(ann.sdk.calls).to.include('updateLocalVideo').and.not.include('stopLocalVideo');
    });

    it('stops sending an unplugged camera, and goes on with sound', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      const camera = { state: 'failed', error: 'no-camera', deviceId: '', track: null } as const;
      ann.local.change({ camera });
      await settle();
      expect(ann.sdk.sends).to.deep.equal(['sound']);
      expect(remoteOf(bob)).to.include({ cameraOn: false, microphoneOn: true, camera: null });
    });

    it('tries again if the SDK could not send', async () => {
      const { room, local } = world.make('ann');
      await room.enter();
      const sdk = world.cloud.instances[0]!;
      const { startLocalVideo } = sdk;
      sdk.startLocalVideo = () => Promise.reject(sdkError(5500));
      await local.start();
      await settle();
      expect(sdk.sends).to.deep.equal(['sound']);
      sdk.startLocalVideo = startLocalVideo;
      await world.clock.advance(2_000);
      expect(sdk.sends.toSorted()).to.deep.equal(['main', 'sound']);
    });

    it('sends the camera with the site’s profile, and changes it without a gap', async () => {
      const ann = await world.enter('ann');
      expect(ann.sdk.camera).to.deep.include({
        profile: { width: 1280, height: 720, frameRate: 30, bitrate: 1_800 },
        qosPreference: 'smooth',
      });
      ann.local.adapt({ profile: VIDEO_PROFILES.detail });
      await settle();
      expect(ann.sdk.camera).to.deep.include({
        profile: { width: 1920, height: 1080, frameRate: 15, bitrate: 2_500 },
        qosPreference: 'clear',
      });
      expect(ann.sdk.calls).not.to.include('stopLocalVideo');
      await ann.local.setCameraOn(false);
      await settle();
      ann.local.adapt({ profile: VIDEO_PROFILES.saver });
      await ann.local.setCameraOn(true);
      await settle();
      expect(ann.sdk.camera?.profile).to.deep.equal({
        ...{ width: 640, height: 360, frameRate: 15, bitrate: 500 },
      });
    });

    it('does not send what is held, and sends it again afterwards', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      await waitUntil(() => remoteOf(bob)?.camera);
      ann.local.adapt({ held: ['camera', 'screen'] });
      await settle();
      expect(ann.sdk.sends).to.deep.equal(['sound']);
      expect(remoteOf(bob)).to.include({ cameraOn: false, microphoneOn: true });
      ann.local.adapt({ held: ['camera', 'screen', 'microphone'] });
      await settle();
      expect(remoteOf(bob)).to.include({ cameraOn: false, microphoneOn: false });
      ann.local.adapt({ held: [] });
      await settle();
      expect(remoteOf(bob)).to.include({ cameraOn: true, microphoneOn: true });
    });

    it('shares a screen again after the browser’s bar ended the first one', async () => {
      const ann = await world.enter('ann');
      await ann.local.startScreen();
      await settle();
      const first = ann.local.getSnapshot().screen.track!;
      first.dispatchEvent(new Event('ended'));
      ann.local.stopScreen();
      await settle();
      expect(ann.sdk.sends).not.to.include('sub');
      await ann.local.startScreen();
      await settle();
      expect(ann.sdk.sends).to.include('sub');
    });
  });
});
