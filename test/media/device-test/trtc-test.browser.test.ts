import { expect } from '@open-wc/testing';
import { checkTrtcBrowser, measureTrtc } from '../../../src/media/device-test/trtc-test.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { TrtcTestRoom } from '../../../src/protocol/rest/device-test.ts';
import { drawnTrack } from '../../support/drawn-track.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { sdkError, TrtcCloud, type TrtcStandIn } from '../../support/trtc-stand-in.ts';

const person = (userId: string) => ({
  ...{ userId, userSig: `signature of ${userId}`, privateMapKey: `key of ${userId}` },
});
const room: TrtcTestRoom = {
  sdkAppId: 1400000001,
  room: 'test-abc',
  sender: person('sender'),
  receiver: person('receiver'),
};

describe('the check of a browser by TRTC', () => {
  const load = async (cloud: TrtcCloud) => cloud;
  const blocked = () => Promise.reject(new RtcDeskError('media-blocked'));

  it('tells what the SDK says, with its answer for each ability', async () => {
    const cloud = new TrtcCloud();
    cloud.support = { result: true, detail: { isH264EncodeSupported: true, browser: 'Any 1' } };
    expect(await checkTrtcBrowser(() => load(cloud))).to.deep.equal({
      ...{ status: 'passed', code: null, data: { isH264EncodeSupported: true } },
    });
    cloud.support = { result: false, detail: { isH264EncodeSupported: false } };
    expect(await checkTrtcBrowser(() => load(cloud))).to.deep.equal({
      status: 'failed',
      code: 'cloud-unsupported',
      data: { isH264EncodeSupported: false },
    });
  });

  it('tells of an SDK that cannot be loaded', async () => {
    expect((await checkTrtcBrowser(blocked)).code).to.equal('cloud-blocked');
    expect((await measureTrtc(room, null, { load: blocked })).code).to.equal('cloud-blocked');
  });
});

describe('the measurement by TRTC', () => {
  let cloud: TrtcCloud;
  let clock: FakeClock;
  let track: MediaStreamTrack;
  beforeEach(() => {
    cloud = new TrtcCloud();
    clock = new FakeClock();
    track = drawnTrack();
  });
  /** Both people have left, no rule of the SDK was broken, and the camera is still open. */
  afterEach(() => {
    expect(cloud.violations).to.deep.equal([]);
    expect(cloud.instances.map(({ destroyed }) => destroyed)).not.to.include(false);
    expect(cloud.members('test-abc').size).to.equal(0);
    expect(clock.pending).to.equal(0);
    expect(track.readyState).to.equal('live');
    track.stop();
  });

  const measure = () => measureTrtc(room, track, { load: async () => cloud, clock });
  const quality = (level: number, loss: number, rtt: number) =>
    ({
      ...{ uplinkNetworkQuality: level, uplinkLoss: loss, uplinkRTT: rtt },
      ...{ downlinkNetworkQuality: level, downlinkLoss: loss, downlinkRTT: rtt },
    }) as never;
  const of = (userId: string): TrtcStandIn => cloud.members('test-abc').get(userId)!;

  /** Measures while the SDK tells these qualities of the way up and the way down. */
  async function measured(
    up: readonly [number, number, number][],
    down: readonly [number, number, number][],
  ) {
    const result = measure();
    await settle();
    expect(of('receiver').shows).to.deep.equal(['sender main']);
    for (const one of up) of('sender').emit('network-quality', quality(...one));
    for (const one of down) of('receiver').emit('network-quality', quality(...one));
    await clock.advance(8_000);
    return result;
  }

  it('sends a picture to itself in a room of its own, each person with their own signature', async () => {
    await measured([[1, 0, 20]], [[1, 0, 20]]);
    expect(cloud.entered.map(({ userId }) => userId)).to.deep.equal(['receiver', 'sender']);
    for (const config of cloud.entered) {
      const { userId } = config;
      expect(config).to.include({ strRoomId: 'test-abc', sdkAppId: 1400000001 });
      expect(config).to.include({ userSig: `signature of ${userId}` });
      expect(config).to.include({ privateMapKey: `key of ${userId}` });
      expect(config.roomId).to.equal(undefined);
    }
  });

  it('judges the worse way, by the mean of its known samples', async () => {
    const good = await measured(
      [
        [0, 0, 0],
        [1, 0, 30],
        [2, 2, 50],
      ],
      [[1, 0, 20]],
    );
    expect(good).to.deep.equal({
      status: 'passed',
      code: null,
      data: { kilobits: null, loss: 0.01, jitterMs: null, roundTripMs: 40, uplink: 2, downlink: 1 },
    });
    const lossy = await measured([[1, 0, 20]], [[2, 8, 20]]);
    expect([lossy.status, lossy.code]).to.deep.equal(['warning', 'network-loss']);
    const late = await measured([[5, 0, 700]], [[1, 0, 20]]);
    expect([late.status, late.code]).to.deep.equal(['failed', 'network-delay']);
  });

  it('fails if nothing was measured in one direction', async () => {
    const result = await measured([[1, 0, 20]], [[6, 0, 0]]);
    expect(result.code).to.equal('cloud-blocked');
  });

  it('tells a blocked network from a refused account', async () => {
    cloud.admit = () => {
      throw sdkError(5500, undefined, { extraCode: 0 });
    };
    expect((await measure()).code).to.equal('cloud-blocked');
    cloud.admit = () => {
      throw sdkError(5400, -100013);
    };
    expect(await measure()).to.include({ status: 'skipped', code: 'cloud-refused' });
  });

  it('gives up if no picture comes', async () => {
    cloud.admit = ({ userId }) => (userId === 'sender' ? new Promise(() => {}) : undefined);
    const result = measure();
    await clock.advance(15_000);
    expect((await result).code).to.equal('cloud-blocked');
  });
});
