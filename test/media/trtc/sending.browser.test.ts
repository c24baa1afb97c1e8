import { expect, waitUntil } from '@open-wc/testing';
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
