import { expect, waitUntil } from '@open-wc/testing';
import type { TrtcSdk } from '../../../src/media/trtc/sdk.ts';
import { TrtcWatermark } from '../../../src/media/trtc/watermark.ts';
import { TrtcRoom } from '../../../src/media/trtc/room.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { CutNetwork } from '../../support/cut-network.ts';
import { drawnTrack } from '../../support/drawn-track.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { sdkError, TrtcCloud } from '../../support/trtc-stand-in.ts';
import { redSquare } from '../../support/red-square.ts';

const mark = { image: 'https://desk.example.com/logo.png', x: 8, y: 8, width: 32, height: 16 };
const asked = { imageUrl: mark.image, x: 8, y: 8, size: { width: 32, height: 16 } };

describe('a watermark on TRTC', () => {
  let cloud: TrtcCloud;
  let clock: FakeClock;
  let local: FakeLocalMedia;
  let room: TrtcRoom;
  let loads: number;

  beforeEach(async () => {
    cloud = new TrtcCloud();
    clock = new FakeClock();
    local = new FakeLocalMedia();
    loads = 0;
    room = new TrtcRoom({
      ...{ self: 'ann', room: 4711, local, clock, load: async () => cloud },
      ticket: { provider: 'trtc', sdkAppId: 1_400_000_000, userSig: 's', privateMapKey: 'k' },
      loadWatermark: async () => {
        loads++;
        return { default: class Watermark {} as never };
      },
      sendSignal: () => {},
      renewTicket: () => expect.fail('nobody refused the ticket'),
    });
    await local.start();
    await room.enter();
    await settle();
  });

  afterEach(async () => {
    await room.leave();
    local.stop();
    expect(cloud.violations).to.deep.equal([]);
    expect(cloud.instances[0]!.destroyed).to.equal(true);
    expect(clock.pending).to.equal(0);
  });

  const shown = () => cloud.instances[0]!.plugins.started.get('Watermark');

  it('loads the plugin once, with the first watermark', async () => {
    expect(loads).to.equal(0);
    await room.effects.setWatermark(mark);
    expect(shown()).to.deep.equal(asked);
    await room.effects.setWatermark({ ...mark, x: 20 });
    expect(shown()).to.deep.equal({ ...asked, x: 20 });
    await room.effects.setWatermark(null);
    expect(shown()).to.equal(undefined);
    expect(loads).to.equal(1);
  });

  it('waits for a camera, ends with it, and is shown with the next one', async () => {
    await local.setCameraOn(false);
    await settle();
    await room.effects.setWatermark(mark);
    expect(shown()).to.equal(undefined);
    await local.setCameraOn(true);
    await settle();
    expect(shown()).to.deep.equal(asked);
    const { calls } = cloud.instances[0]!;
    await local.useCamera('camera-2');
    await settle();
    const after = calls.slice(calls.lastIndexOf('updateLocalVideo'));
    expect(after).to.include.members(['stopPlugin', 'startPlugin']);
    await local.setCameraOn(false);
    await settle();
    expect(shown()).to.equal(undefined);
  });

  it('fails if it cannot be shown, keeps the camera, and shows the next one', async () => {
    cloud.draw = () => {
      throw sdkError(5000);
    };
    const told: unknown = await room.effects.setWatermark(mark).catch((error: unknown) => error);
    expect(told).to.include({ code: 'media-failed' });
    expect(cloud.instances[0]!.sends).to.deep.equal(['main', 'sound']);
    cloud.draw = () => {};
    await room.effects.setWatermark(mark);
    expect(shown()).to.deep.equal(asked);
  });

  it('times out after 10 s if its picture does not come', async () => {
    cloud.draw = () => new Promise(() => {});
    const told = room.effects.setWatermark(mark).catch((error: unknown) => error);
    await settle();
    await clock.advance(10_100);
    expect(await told).to.include({ code: 'media-failed' });
  });
});

describe('the TRTC SDK’s own watermark, without a network', () => {
  it('is drawn on the given track, and removed again', async () => {
    const { Worker } = window;
    const network = new CutNetwork();
    // The package's script ticks in one while it draws; the bundle does without (.config/sdk-chunks.mjs).
    window.Worker = Worker;
    const { promise, resolve, reject } = defer();
    const script = document.createElement('script');
    script.onload = resolve;
    script.onerror = reject;
    script.src = '/node_modules/trtc-sdk-v5/trtc.js';
    document.head.append(script);
    await promise;
    const sdk = (window as unknown as { TRTC: TrtcSdk }).TRTC;
    const client = sdk.create({ enableAutoPlayDialog: false });
    const videoTrack = drawnTrack();
    try {
      await client.startLocalVideo({ option: { videoTrack } });
      const sent = () => client.getVideoTrack({ processed: true });
      const bare = sent();
      const watermark = new TrtcWatermark(client, systemClock);
      await watermark.show({ image: redSquare(), x: 0, y: 0, width: 16, height: 16 });
      expect(watermark.error).to.equal(null);
      expect(sent() === bare).to.equal(false);
      await watermark.show(null);
      expect(watermark.error).to.equal(null);
      await waitUntil(() => sent() === bare, 'the bare track is sent again');
      await watermark.show({ image: '/no-such.png', x: 0, y: 0, width: 16, height: 16 });
      expect(watermark.error).to.include({ code: 'media-failed' });
      await watermark.show(null);
      await client.stopLocalVideo();
    } finally {
      client.destroy();
      videoTrack.stop();
      network.restore();
    }
  });
});

function defer() {
  let resolve!: () => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<void>((done, failed) => ((resolve = done), (reject = failed)));
  return { promise, resolve, reject };
}
