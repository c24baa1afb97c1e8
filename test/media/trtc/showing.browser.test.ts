import { expect } from '@open-wc/testing';
import { settle } from '../../support/fake-clock.ts';
import { remoteOf, TrtcWorld } from './trtc-world.ts';

describe('TrtcRoom', () => {
  let world: TrtcWorld;
  beforeEach(() => {
    world = new TrtcWorld();
  });
  afterEach(() => world.end());

  describe('showing', () => {
    it('requests the small stream for a tile, the large one for the stage, and none for hidden pictures', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
      ann.room.setPictureSize('bob', 'small');
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main small']);
      ann.room.setPictureSize('bob', 'none');
      await settle();
      expect(ann.sdk.shows).to.deep.equal([]);
      expect(remoteOf(ann)).to.include({ camera: null, cameraOn: true });
      ann.room.setPictureSize('bob', 'large');
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
    });

    it('requests a picture again that did not come', async () => {
      const ann = await world.enter('ann');
      const { startRemoteVideo } = ann.sdk;
      ann.sdk.startRemoteVideo = () => new Promise(() => {});
      const bob = await world.enter('bob');
      await world.clock.advance(10_000);
      expect(remoteOf(ann)).to.include({ camera: null, cameraOn: true });
      ann.sdk.startRemoteVideo = startRemoteVideo;
      await world.clock.advance(2_000);
      expect(remoteOf(ann)!.camera === null).to.equal(false);
      await bob.room.leave();
      expect(remoteOf(ann)).to.equal(undefined);
    });

    it('hides somebody who has left the roster, although the cloud still keeps them', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      ann.room.handleRoster(['bob']);
      ann.room.handleRoster([]);
      await settle();
      expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
      expect(ann.sdk.shows).to.deep.equal([]);
      ann.room.handleRoster(['bob']);
      await settle();
      expect(remoteOf(ann)).to.include({ id: 'bob', state: 'connected' });
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
    });

    it('measures the levels of people who are not muted', async () => {
      const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
      const loud = (floatVolume: number) => ({ userId: 'bob', volume: 50, floatVolume });
      ann.sdk.emit('audio-volume', { result: [loud(0.5)] });
      expect(remoteOf(ann)).to.include({ level: 0.5 });
      await bob.local.setMicrophoneOn(false);
      await settle();
      expect(remoteOf(ann)).to.include({ level: 0, microphoneOn: false });
    });

    it('shows the quality of both directions on our scale', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      const [known, seen] = [[0, 1, 2, 3, 4, 5, 6], [] as number[]];
      for (const value of known) {
        const figures = { uplinkRTT: 0, uplinkLoss: 0, downlinkRTT: 0, downlinkLoss: 0 };
        ann.sdk.emit('network-quality', {
          ...{ ...figures, uplinkNetworkQuality: value, downlinkNetworkQuality: value },
        });
        expect(remoteOf(ann)!.quality).to.equal(ann.room.getSnapshot().quality);
        seen.push(ann.room.getSnapshot().quality);
      }
      expect(seen).to.deep.equal([0, 5, 4, 3, 2, 1, 0]);
    });

    it('shows blocked sound, and starts it within a click', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      let allowed = false;
      const resume = () => (allowed ? Promise.resolve() : Promise.reject(new Error('refused')));
      ann.sdk.emit('autoplay-failed', { userId: 'bob', mediaType: 'audio', resume });
      expect(ann.room.getSnapshot().audioBlocked).to.equal(true);
      await ann.room.startAudio();
      expect(ann.room.getSnapshot().audioBlocked).to.equal(true);
      allowed = true;
      await ann.room.startAudio();
      expect(ann.room.getSnapshot().audioBlocked).to.equal(false);
    });

    it('uses the chosen speaker, or the system’s default', async () => {
      const { room } = await world.enter('ann');
      await room.setSpeaker('speaker-1');
      expect(world.cloud.speaker).to.equal('speaker-1');
      await room.setSpeaker('');
      expect(world.cloud.speaker).to.equal('default');
    });
  });
});
