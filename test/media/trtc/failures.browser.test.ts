import { expect, waitUntil } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { settle } from '../../support/fake-clock.ts';
import { sdkError, type TrtcStandIn } from '../../support/trtc-stand-in.ts';
import { remoteOf, TrtcWorld } from './trtc-world.ts';

describe('TrtcRoom', () => {
  let world: TrtcWorld;
  beforeEach(() => {
    world = new TrtcWorld();
  });
  afterEach(() => world.end());

  describe('failures in the room', () => {
    const connection = (sdk: TrtcStandIn, state: string) =>
      sdk.emit('connection-state-changed', { prevState: 'CONNECTED', state } as never);

    it('shows that everybody reconnects, and that they are back', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      connection(ann.sdk, 'DISCONNECTED');
      expect(ann.room.getSnapshot().state).to.equal('reconnecting');
      expect(remoteOf(ann)).to.include({ state: 'reconnecting', quality: 0 });
      connection(ann.sdk, 'CONNECTED');
      expect(ann.room.getSnapshot().state).to.equal('entered');
      expect(remoteOf(ann)).to.include({ state: 'connected' });
    });

    it('fails if the same person enters elsewhere', async () => {
      const first = await world.enter('ann');
      const second = await world.enter('ann');
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
      it(`waits 5 s for the server’s own news of ${reason}, and then fails by itself`, async () => {
        const [ann, bob] = [await world.enter('ann'), await world.enter('bob')];
        ann.sdk.expel(reason);
        bob.sdk.expel(reason);
        expect(ann.room.getSnapshot()).to.include({ state: 'reconnecting', error: null });
        await ann.room.leave();
        await world.clock.advance(5_000);
        expect(ann.room.getSnapshot()).to.include({ state: 'left', error: null });
        expect(bob.room.getSnapshot()).to.include({ state: 'failed', error: code });
      });
    }

    it('fails if a firewall blocks media from the start, and not later', async () => {
      const { room, sdk } = world.make('ann') && (await world.enter('bob'));
      sdk.emit('error', sdkError(5500, 5501) as never);
      expect(room.getSnapshot(), 'the cloud took what was sent').to.include({ state: 'entered' });
      const silent = world.make('cyd');
      await silent.room.enter();
      world.cloud.instances.at(-1)!.emit('error', sdkError(5500, 5501) as never);
      const after = silent.room.getSnapshot();
      expect(after).to.include({ state: 'failed', error: 'media-blocked' });
    });

    it('ignores failures of devices and of single pictures', async () => {
      const { room, sdk } = await world.enter('ann');
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

    it('enters again with a fresh ticket if the old one has expired', async () => {
      const [ann] = [await world.enter('ann'), await world.enter('bob')];
      ann.sdk.breakOff(sdkError(5400, 70001));
      expect(ann.room.getSnapshot()).to.include({ state: 'reconnecting' });
      await settle();
      expect(ann.room.getSnapshot()).to.include({ state: 'entered' });
      expect(world.cloud.entered.at(-1)).to.include({ userId: 'ann', userSig: 'renewed' });
      await waitUntil(() => remoteOf(ann)?.camera, 'bob is seen again');
    });

    it('stops if the room has other media, or no fresh ticket is available', async () => {
      const ann = await world.enter('ann');
      world.renewal = () => Promise.reject(new RtcDeskError('conflict'));
      ann.sdk.breakOff(sdkError(5400, 70001));
      await settle();
      expect(ann.room.getSnapshot()).to.include({ state: 'failed', error: 'conflict' });
    });

    it('releases everything if the SDK can neither leave the room nor be destroyed', async () => {
      const ann = await world.enter('ann');
      ann.sdk.exitRoom = () => Promise.reject(sdkError(5400));
      ann.sdk.destroy = () => {
        throw sdkError(5100);
      };
      await ann.room.leave();
      expect(ann.room.getSnapshot()).to.include({ state: 'left' });
      expect(ann.sdk.sends).to.deep.equal([]);
      // It takes itself for inside, and cannot be asked to end.
      world.cloud.instances.splice(0);
    });

    it('fails if the SDK gives the room up', async () => {
      const ann = await world.enter('ann');
      ann.sdk.breakOff(sdkError(5500));
      expect(ann.room.getSnapshot()).to.include({ state: 'failed', error: 'media-blocked' });
    });
  });
});
