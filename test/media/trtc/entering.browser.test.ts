import { expect } from '@open-wc/testing';
import type { TrtcSdk } from '../../../src/media/trtc/sdk.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { settle } from '../../support/fake-clock.ts';
import { sdkError } from '../../support/trtc-stand-in.ts';
import { failureOf, TrtcWorld } from './trtc-world.ts';

describe('TrtcRoom', () => {
  let world: TrtcWorld;
  beforeEach(() => {
    world = new TrtcWorld();
  });
  afterEach(() => world.end());

  describe('entering', () => {
    it('gives ticket, room number and our id to the cloud, and shows no dialog of the SDK', async () => {
      await world.enter('ann');
      expect(world.cloud.entered).to.have.length(1);
      expect(world.cloud.entered[0]).to.include({
        ...{ sdkAppId: 1400000001, userId: 'ann', userSig: 'first', roomId: 4711 },
        ...{ privateMapKey: 'key of first', scene: 'rtc', enableAutoPlayDialog: false },
      });
    });

    it('asks once for a fresh ticket if the cloud refuses the first one, and goes on', async () => {
      world.cloud.admit = ({ userSig }) => {
        if (userSig === 'first') throw sdkError(5500, undefined, { extraCode: 70001 });
      };
      const { room } = await world.enter('ann');
      expect(room.getSnapshot().state).to.equal('entered');
      expect(world.cloud.entered.map(({ userSig }) => userSig)).to.deep.equal(['first', 'renewed']);
      expect(world.renewals).to.equal(1);
    });

    for (const [name, error] of [
      ['a wrong SDKAppID', sdkError(5500, undefined, { extraCode: -8 })],
      ['a signature that is wrong again', sdkError(5400, 70003)],
      ['a package that was not bought', sdkError(5400, -100035)],
      ['an account in arrears', sdkError(5400, -100013)],
    ] as const) {
      it(`fails with a code and its cause for ${name}, and leaves nothing behind`, async () => {
        world.cloud.admit = () => {
          throw error;
        };
        const { room, local } = world.make('ann');
        await local.start();
        const told = await failureOf(room);
        expect(told).to.include({ code: 'server-error', cause: error });
        expect(room.getSnapshot()).to.include({ state: 'failed', error: 'server-error' });
        expect(world.cloud.instances[0]).to.include({ destroyed: true });
        expect(world.cloud.instances[0]!.sends).to.deep.equal([]);
        expect(local.getSnapshot().camera.state, 'the devices are not its own').to.equal('on');
      });
    }

    it('fails with media-blocked if the network blocks the cloud, without another ticket', async () => {
      world.cloud.admit = () => {
        throw sdkError(5500, undefined, { extraCode: 0 });
      };
      expect(await failureOf(world.make('ann').room)).to.include({ code: 'media-blocked' });
      expect(world.renewals).to.equal(0);
    });

    it('gives up after 10 s without an answer', async () => {
      world.cloud.admit = () => new Promise(() => {});
      const { room } = world.make('ann');
      const entering = room.enter().catch((error: unknown) => error);
      await world.clock.advance(9_900);
      expect(room.getSnapshot().state).to.equal('entering');
      await world.clock.advance(200);
      expect(await entering).to.include({ code: 'media-blocked' });
      await settle();
      expect(world.cloud.instances[0]).to.include({ destroyed: true });
    });

    it('fails with media-blocked if the SDK does not load, or not in time', async () => {
      const lost = () => Promise.reject(new RtcDeskError('media-blocked'));
      expect(await failureOf(world.make('ann', lost).room)).to.include({ code: 'media-blocked' });
      const { room } = world.make('bob', () => new Promise(() => {}));
      const entering = room.enter().catch((error: unknown) => error);
      await world.clock.advance(10_100);
      expect(await entering).to.include({ code: 'media-blocked' });
    });

    it('spends 10 s on loading and entering together, so that an agent can still fall back', async () => {
      let loaded = () => {};
      world.cloud.admit = () => new Promise(() => {});
      const { room } = world.make(
        'ann',
        () => new Promise((resolve) => (loaded = () => resolve(world.cloud))),
      );
      const entering = room.enter().catch((error: unknown) => error);
      await world.clock.advance(9_000);
      loaded();
      await world.clock.advance(1_100);
      expect(await entering).to.include({ code: 'media-blocked' });
      await settle();
      expect(world.cloud.instances[0]).to.include({ destroyed: true });
    });

    it('treats an unknown error as a failure of media', async () => {
      world.cloud.admit = () => {
        throw new TypeError('x is undefined');
      };
      expect(await failureOf(world.make('ann').room)).to.include({ code: 'media-failed' });
    });

    it('releases everything if it is left while entering', async () => {
      let loaded = () => {};
      const loading = new Promise<TrtcSdk>((resolve) => (loaded = () => resolve(world.cloud)));
      const before = world.make('ann', () => loading);
      const first = before.room.enter().catch((error: unknown) => error);
      await before.room.leave();
      loaded();
      expect(await first).to.include({ name: 'RtcDeskError' });
      expect(world.cloud.instances).to.have.length(0);
      world.cloud.admit = () => new Promise(() => {});
      const { room } = world.make('bob');
      const second = room.enter().catch((error: unknown) => error);
      await settle();
      await room.leave();
      expect(await second).to.include({ name: 'RtcDeskError' });
      expect(room.getSnapshot()).to.include({ state: 'left', error: null });
    });
  });
});
