import { expect, waitUntil } from '@open-wc/testing';
import type { MediaRoom } from '../../src/media/media.ts';
import { TrtcRoom, type TrtcTicket } from '../../src/media/trtc.ts';
import type { TrtcSdk } from '../../src/media/trtc-sdk.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { Ticket } from '../../src/protocol/views.ts';
import { FakeClock, settle } from '../support/fake-clock.ts';
import { FakeLocalMedia } from '../support/fake-local-media.ts';
import { ticket } from '../support/fake-views.ts';
import { sdkError, TrtcCloud, type TrtcStandIn } from '../support/trtc-stand-in.ts';

const media = (userSig: string): TrtcTicket => ({
  provider: 'trtc',
  sdkAppId: 1400000001,
  userSig,
  privateMapKey: `key of ${userSig}`,
});

interface Member {
  readonly room: TrtcRoom;
  readonly local: FakeLocalMedia;
  readonly sdk: TrtcStandIn;
}

describe('TrtcRoom', () => {
  let cloud: TrtcCloud;
  let clock: FakeClock;
  let members: { room: MediaRoom; local: FakeLocalMedia }[];
  let renewals: number;
  let renewal: () => Promise<Ticket>;

  beforeEach(() => {
    cloud = new TrtcCloud();
    clock = new FakeClock();
    members = [];
    renewals = 0;
    renewal = async () => ticket('ann', { media: media('renewed') });
  });

  afterEach(async () => {
    for (const { room, local } of members) {
      await room.leave();
      local.stop();
    }
    expect(cloud.violations).to.deep.equal([]);
    expect(cloud.instances.filter(({ destroyed }) => !destroyed)).to.have.length(0);
    expect(clock.pending).to.equal(0);
  });

  const make = (self: string, load: () => Promise<TrtcSdk> = async () => cloud) => {
    const local = new FakeLocalMedia();
    const room = new TrtcRoom({
      ...{ self, room: 4711, local, clock, load, ticket: media('first') },
      sendSignal: () => expect.fail('TRTC has signals of its own'),
      renewTicket: () => (renewals++, renewal()),
    });
    members.push({ room, local });
    return { room, local };
  };
  const enter = async (self: string): Promise<Member> => {
    const { room, local } = make(self);
    await local.start();
    await room.enter();
    await settle();
    return { room, local, sdk: cloud.instances.at(-1)! };
  };
  const failure = async (room: TrtcRoom): Promise<RtcDeskError> => {
    const [error] = await Promise.all([
      room.enter().then(
        () => expect.fail('it was let in'),
        (reason: RtcDeskError) => reason,
      ),
      settle(),
    ]);
    await settle();
    return error;
  };
  const remote = ({ room }: Member) => room.getSnapshot().remotes[0];

  describe('going in', () => {
    it('hands the ticket, the room’s number and our own id to the cloud, and shows no dialog of its own', async () => {
      await enter('ann');
      expect(cloud.entered).to.have.length(1);
      expect(cloud.entered[0]).to.include({
        ...{ sdkAppId: 1400000001, userId: 'ann', userSig: 'first', roomId: 4711 },
        ...{ privateMapKey: 'key of first', scene: 'rtc', enableAutoPlayDialog: false },
      });
    });

    it('asks for a fresh ticket where the cloud refuses the first, once, and goes on', async () => {
      cloud.admit = ({ userSig }) => {
        if (userSig === 'first') throw sdkError(5500, undefined, { extraCode: 70001 });
      };
      const { room } = await enter('ann');
      expect(room.getSnapshot().state).to.equal('entered');
      expect(cloud.entered.map(({ userSig }) => userSig)).to.deep.equal(['first', 'renewed']);
      expect(renewals).to.equal(1);
    });

    for (const [name, error] of [
      ['a wrong SDKAppID', sdkError(5500, undefined, { extraCode: -8 })],
      ['a signature that is wrong again', sdkError(5400, 70003)],
      ['a package that was not bought', sdkError(5400, -100035)],
      ['an account in arrears', sdkError(5400, -100013)],
    ] as const) {
      it(`ends with a code and its cause for ${name}, and leaves nothing behind`, async () => {
        cloud.admit = () => {
          throw error;
        };
        const { room, local } = make('ann');
        await local.start();
        const told = await failure(room);
        expect(told).to.include({ code: 'server-error', cause: error });
        expect(room.getSnapshot()).to.include({ state: 'failed', error: 'server-error' });
        expect(cloud.instances[0]).to.include({ destroyed: true });
        expect(cloud.instances[0]!.sends).to.deep.equal([]);
        expect(local.getSnapshot().camera.state, 'the devices are not its own').to.equal('on');
      });
    }

    it('says so where the network lets nothing through, and asks for no other ticket', async () => {
      cloud.admit = () => {
        throw sdkError(5500, undefined, { extraCode: 0 });
      };
      expect(await failure(make('ann').room)).to.include({ code: 'media-blocked' });
      expect(renewals).to.equal(0);
    });

    it('gives up after 10 s where the cloud never answers', async () => {
      cloud.admit = () => new Promise(() => {});
      const { room } = make('ann');
      const entering = room.enter().catch((error: unknown) => error);
      await clock.advance(9_900);
      expect(room.getSnapshot().state).to.equal('entering');
      await clock.advance(200);
      expect(await entering).to.include({ code: 'media-blocked' });
      await settle();
      expect(cloud.instances[0]).to.include({ destroyed: true });
    });

    it('says so where the SDK itself does not load, or does not come', async () => {
      const lost = () => Promise.reject(new RtcDeskError('media-blocked'));
      expect(await failure(make('ann', lost).room)).to.include({ code: 'media-blocked' });
      const { room } = make('bob', () => new Promise(() => {}));
      const entering = room.enter().catch((error: unknown) => error);
      await clock.advance(10_100);
      expect(await entering).to.include({ code: 'media-blocked' });
    });

    it('spends 10 s on loading and entering together, so that an agent can still ask for other media', async () => {
      let loaded = () => {};
      cloud.admit = () => new Promise(() => {});
      const { room } = make('ann', () => new Promise((resolve) => (loaded = () => resolve(cloud))));
      const entering = room.enter().catch((error: unknown) => error);
      await clock.advance(9_000);
      loaded();
      await clock.advance(1_100);
      expect(await entering).to.include({ code: 'media-blocked' });
      await settle();
      expect(cloud.instances[0]).to.include({ destroyed: true });
    });

    it('takes an error that it does not know for a failure of media', async () => {
      cloud.admit = () => {
        throw new TypeError('x is undefined');
      };
      expect(await failure(make('ann').room)).to.include({ code: 'media-failed' });
    });

    it('lets go of everything where it is left half-way in', async () => {
      let loaded = () => {};
      const loading = new Promise<TrtcSdk>((resolve) => (loaded = () => resolve(cloud)));
      const before = make('ann', () => loading);
      const first = before.room.enter().catch((error: unknown) => error);
      await before.room.leave();
      loaded();
      expect(await first).to.include({ name: 'RtcDeskError' });
      expect(cloud.instances).to.have.length(0);
      cloud.admit = () => new Promise(() => {});
      const { room } = make('bob');
      const second = room.enter().catch((error: unknown) => error);
      await settle();
      await room.leave();
      expect(await second).to.include({ name: 'RtcDeskError' });
      expect(room.getSnapshot()).to.include({ state: 'left', error: null });
    });
  });

  describe('what it sends', () => {
    it('gives the SDK the tracks it has, and never lets it open a device', async () => {
      const ann = await enter('ann');
      expect(ann.sdk.sends).to.deep.equal(['main', 'sound']);
    });

    it('changes the camera without taking the picture from the others in between', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      await waitUntil(() => remote(bob)?.camera);
      const { camera } = ann.local.getSnapshot();
      ann.local.change({ camera: { ...camera, state: 'starting', track: null } });
      await settle();
      expect(remote(bob)).to.include({ cameraOn: true });
      await ann.local.useCamera('camera-2');
      await settle();
      expect(ann.sdk.calls).to.include('updateLocalVideo').and.not.include('stopLocalVideo');
    });

    it('stops sending a camera that was pulled out, and goes on with sound', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      const camera = { state: 'failed', error: 'no-camera', deviceId: '', track: null } as const;
      ann.local.change({ camera });
      await settle();
      expect(ann.sdk.sends).to.deep.equal(['sound']);
      expect(remote(bob)).to.include({ cameraOn: false, microphoneOn: true, camera: null });
    });

    it('tries again what the SDK could not send', async () => {
      const { room, local } = make('ann');
      await room.enter();
      const sdk = cloud.instances[0]!;
      const { startLocalVideo } = sdk;
      sdk.startLocalVideo = () => Promise.reject(sdkError(5500));
      await local.start();
      await settle();
      expect(sdk.sends).to.deep.equal(['sound']);
      sdk.startLocalVideo = startLocalVideo;
      await clock.advance(2_000);
      expect(sdk.sends.toSorted()).to.deep.equal(['main', 'sound']);
    });

    it('shares a screen again after the browser’s own bar ended the first', async () => {
      const ann = await enter('ann');
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

  describe('what it shows', () => {
    it('takes the small stream for a tile, the large one for the stage, and none where nobody looks', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
      ann.room.setPictureSize('bob', 'small');
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main small']);
      ann.room.setPictureSize('bob', 'none');
      await settle();
      expect(ann.sdk.shows).to.deep.equal([]);
      expect(remote(ann)).to.include({ camera: null, cameraOn: true });
      ann.room.setPictureSize('bob', 'large');
      await settle();
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
    });

    it('asks for a picture again that did not come', async () => {
      const ann = await enter('ann');
      const { startRemoteVideo } = ann.sdk;
      ann.sdk.startRemoteVideo = () => new Promise(() => {});
      const bob = await enter('bob');
      await clock.advance(10_000);
      expect(remote(ann)).to.include({ camera: null, cameraOn: true });
      ann.sdk.startRemoteVideo = startRemoteVideo;
      await clock.advance(2_000);
      expect(remote(ann)!.camera === null).to.equal(false);
      await bob.room.leave();
      expect(remote(ann)).to.equal(undefined);
    });

    it('no longer shows who has left the roster, though the cloud still holds them', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      ann.room.handleRoster(['bob']);
      ann.room.handleRoster([]);
      await settle();
      expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
      expect(ann.sdk.shows).to.deep.equal([]);
      ann.room.handleRoster(['bob']);
      await settle();
      expect(remote(ann)).to.include({ id: 'bob', state: 'connected' });
      expect(ann.sdk.shows).to.deep.equal(['bob main']);
    });

    it('measures voices, of those who are not muted', async () => {
      const [ann, bob] = [await enter('ann'), await enter('bob')];
      const loud = (floatVolume: number) => ({ userId: 'bob', volume: 50, floatVolume });
      ann.sdk.emit('audio-volume', { result: [loud(0.5)] });
      expect(remote(ann)).to.include({ level: 0.5 });
      await bob.local.setMicrophoneOn(false);
      await settle();
      expect(remote(ann)).to.include({ level: 0, microphoneOn: false });
    });

    it('tells the quality of both ways on the house’s scale', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      const [known, seen] = [[0, 1, 2, 3, 4, 5, 6], [] as number[]];
      for (const value of known) {
        const figures = { uplinkRTT: 0, uplinkLoss: 0, downlinkRTT: 0, downlinkLoss: 0 };
        ann.sdk.emit('network-quality', {
          ...{ ...figures, uplinkNetworkQuality: value, downlinkNetworkQuality: value },
        });
        expect(remote(ann)!.quality).to.equal(ann.room.getSnapshot().quality);
        seen.push(ann.room.getSnapshot().quality);
      }
      expect(seen).to.deep.equal([0, 5, 4, 3, 2, 1, 0]);
    });

    it('asks for a press where the browser refuses sound, and starts it there', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
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

    it('uses the speaker that was chosen, and the system’s where none was', async () => {
      const { room } = await enter('ann');
      await room.setSpeaker('speaker-1');
      expect(cloud.speaker).to.equal('speaker-1');
      await room.setSpeaker('');
      expect(cloud.speaker).to.equal('default');
    });
  });

  describe('bad luck in the room', () => {
    const connection = (sdk: TrtcStandIn, state: string) =>
      sdk.emit('connection-state-changed', { prevState: 'CONNECTED', state } as never);

    it('says that it reconnects, of itself and of everyone, and that it is back', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      connection(ann.sdk, 'DISCONNECTED');
      expect(ann.room.getSnapshot().state).to.equal('reconnecting');
      expect(remote(ann)).to.include({ state: 'reconnecting', quality: 0 });
      connection(ann.sdk, 'CONNECTED');
      expect(ann.room.getSnapshot().state).to.equal('entered');
      expect(remote(ann)).to.include({ state: 'connected' });
    });

    it('ends where the same person came in a second time', async () => {
      const first = await enter('ann');
      const second = await enter('ann');
      expect(first.room.getSnapshot()).to.include({
        state: 'failed',
        error: 'signed-in-elsewhere',
      });
      expect(second.room.getSnapshot().state).to.equal('entered');
    });

    for (const [reason, code] of [
      ['room_disband', 'not-found'],
      ['banned', 'forbidden'],
    ] as const) {
      it(`waits for what the server says of ${reason}, and ends by itself where it says nothing`, async () => {
        const [ann, bob] = [await enter('ann'), await enter('bob')];
        ann.sdk.expel(reason);
        bob.sdk.expel(reason);
        expect(ann.room.getSnapshot()).to.include({ state: 'reconnecting', error: null });
        await ann.room.leave();
        await clock.advance(5_000);
        expect(ann.room.getSnapshot()).to.include({ state: 'left', error: null });
        expect(bob.room.getSnapshot()).to.include({ state: 'failed', error: code });
      });
    }

    it('fails where a firewall lets no media through, and not where it came between', async () => {
      const { room, sdk } = make('ann') && (await enter('bob'));
      sdk.emit('error', sdkError(5500, 5501) as never);
      expect(room.getSnapshot(), 'the cloud took what was sent').to.include({ state: 'entered' });
      const silent = make('cyd');
      await silent.room.enter();
      cloud.instances.at(-1)!.emit('error', sdkError(5500, 5501) as never);
      const after = silent.room.getSnapshot();
      expect(after).to.include({ state: 'failed', error: 'media-blocked' });
    });

    it('leaves devices and single pictures that fail to those whose they are', async () => {
      const { room, sdk } = await enter('ann');
      for (const [code, extra] of [
        [5300, 5308],
        [5300, 5309],
        [5500, 5505],
        [5500, 5507],
      ] as const) {
        sdk.emit('error', sdkError(code, extra) as never);
      }
      expect(room.getSnapshot()).to.include({ state: 'entered', error: null });
    });

    it('goes back in with a fresh ticket where the old one expired on the way', async () => {
      const [ann] = [await enter('ann'), await enter('bob')];
      ann.sdk.breakOff(sdkError(5400, 70001));
      expect(ann.room.getSnapshot()).to.include({ state: 'reconnecting' });
      await settle();
      expect(ann.room.getSnapshot()).to.include({ state: 'entered' });
      expect(cloud.entered.at(-1)).to.include({ userId: 'ann', userSig: 'renewed' });
      await waitUntil(() => remote(ann)?.camera, 'bob is seen again');
    });

    it('ends where the room has other media by now, or no fresh ticket is to be had', async () => {
      const ann = await enter('ann');
      renewal = () => Promise.reject(new RtcDeskError('conflict'));
      ann.sdk.breakOff(sdkError(5400, 70001));
      await settle();
      expect(ann.room.getSnapshot()).to.include({ state: 'failed', error: 'conflict' });
    });

    it('lets go of all that it has where the SDK can neither leave the room nor be ended', async () => {
      const ann = await enter('ann');
      ann.sdk.exitRoom = () => Promise.reject(sdkError(5400));
      ann.sdk.destroy = () => {
        throw sdkError(5100);
      };
      await ann.room.leave();
      expect(ann.room.getSnapshot()).to.include({ state: 'left' });
      expect(ann.sdk.sends).to.deep.equal([]);
      // It takes itself for inside, and cannot be asked to end.
      cloud.instances.splice(0);
    });

    it('fails where the SDK gives the room up', async () => {
      const ann = await enter('ann');
      ann.sdk.breakOff(sdkError(5500));
      expect(ann.room.getSnapshot()).to.include({ state: 'failed', error: 'media-blocked' });
    });
  });
});
