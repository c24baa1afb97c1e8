import { expect, waitUntil } from '@open-wc/testing';
import type TRTC from 'trtc-sdk-v5';
import { TrtcError } from '../../../src/media/trtc/error.ts';
import { TrtcPublisher } from '../../../src/media/trtc/publisher.ts';
import { TrtcRoom } from '../../../src/media/trtc/room.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { systemClock } from '../../../src/platform/clock.ts';
import { CutNetwork } from '../../support/cut-network.ts';
import { realLocalMedia } from '../../support/real-local-media.ts';

const ticket = {
  provider: 'trtc',
  sdkAppId: 1_400_000_000,
  userSig: 'eJwx',
  privateMapKey: 'eJwx',
} as const;

/** The SDK's NONE. */
const NO_LOG = 5;

/** The package's script as it is: its module needs a bundler, which the tests of the build have. */
function loadScript(): Promise<typeof TRTC> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = () => resolve((window as unknown as { TRTC: typeof TRTC }).TRTC);
    script.onerror = reject;
    script.src = '/node_modules/trtc-sdk-v5/trtc.js';
    document.head.append(script);
  });
}

describe('the TRTC SDK itself, without a network', () => {
  let network: CutNetwork;
  let local: ReturnType<typeof realLocalMedia>;
  let made: { client: TRTC; ended: boolean }[];

  let sdk: typeof TRTC;

  before(async () => {
    network = new CutNetwork();
    sdk = await loadScript();
    sdk.setLogLevel(NO_LOG);
  });
  after(() => network.restore());
  beforeEach(async () => {
    made = [];
    local = realLocalMedia();
    await local.start();
  });
  afterEach(() => local.stop());

  const make = async () => {
    const load = async () => ({
      TYPE: sdk.TYPE,
      setCurrentSpeaker: sdk.setCurrentSpeaker.bind(sdk),
      create: (options: { enableAutoPlayDialog: boolean }) => {
        const client = sdk.create(options);
        const one = { client, ended: false };
        made.push(one);
        const { destroy } = client;
        client.destroy = () => {
          one.ended = true;
          destroy.call(client);
        };
        return client;
      },
    });
    return new TrtcRoom({
      ...{ self: 'ann', room: 4711, local, ticket, load },
      sendSignal: () => {},
      renewTicket: () => expect.fail('nobody refused the ticket'),
    });
  };
  const states = () => {
    const { camera, microphone } = local.getSnapshot();
    return [camera.track?.readyState, microphone.track?.readyState];
  };

  it('fails with our code if the cloud cannot be reached, and leaves the devices as they are', async () => {
    const room = await make();
    const told: RtcDeskError = await room.enter().then(
      () => expect.fail('it was let in'),
      (error: RtcDeskError) => error,
    );
    expect(told.code).to.equal('media-blocked');
    expect(told.cause).to.include({ code: 5500 });
    await waitUntil(() => made[0]!.ended, 'the instance is destroyed');
    expect(made[0]!.client.getVideoTrack() === null).to.equal(true);
    expect(states()).to.deep.equal(['live', 'live']);
    await room.leave();
    expect(room.getSnapshot().state).to.equal('left');
  });

  it('sends our tracks, follows a mute, and opens no device itself', async () => {
    const { getUserMedia } = navigator.mediaDevices;
    let opened = 0;
    navigator.mediaDevices.getUserMedia = (constraints) => {
      opened++;
      return getUserMedia.call(navigator.mediaDevices, constraints);
    };
    const client = sdk.create({ enableAutoPlayDialog: false });
    const muted: boolean[] = [];
    const { updateLocalAudio } = client;
    client.updateLocalAudio = async (config) => {
      await updateLocalAudio.call(client, config);
      muted.push(config.mute === true);
    };
    const publisher = new TrtcPublisher({
      ...{ client, local, clock: systemClock },
      account: () => ({ sdkAppId: 1_400_000_000, userId: 'ann', userSig: 's' }),
    });
    try {
      publisher.start(null);
      const long = { timeout: 5_000 };
      await waitUntil(() => client.getVideoTrack(), 'the SDK has a picture of ours', long);
      await waitUntil(() => client.getAudioTrack(), 'and a sound', long);
      const { camera, microphone } = local.getSnapshot();
      expect(client.getVideoTrack()!.id).to.equal(camera.track!.id);
      expect(client.getAudioTrack()!.id).to.equal(microphone.track!.id);
      for (const on of [false, true]) {
        await local.setMicrophoneOn(on);
        await waitUntil(() => muted.at(-1) === !on, 'the SDK took it', long);
      }
      expect(opened).to.equal(0);
    } finally {
      navigator.mediaDevices.getUserMedia = getUserMedia;
      await publisher.stop();
      client.destroy();
    }
    expect(states()).to.deep.equal(['live', 'live']);
  });

  it('lists the same devices as we do', async () => {
    const { cameras, microphones, speakers } = local.getSnapshot();
    const ids = (list: readonly { deviceId: string }[]) => list.map(({ deviceId }) => deviceId);
    expect(ids(await sdk.getCameraList())).to.deep.equal(ids(cameras));
    expect(ids(await sdk.getMicrophoneList())).to.deep.equal(ids(microphones));
    expect(ids(await sdk.getSpeakerList())).to.deep.equal(ids(speakers));
    expect(cameras).to.not.deep.equal([]);
  });

  it('draws our camera inside a shadow root', async () => {
    const host = document.createElement('div');
    document.body.append(host);
    const view = document.createElement('div');
    host.attachShadow({ mode: 'open' }).append(view);
    const client = sdk.create({ enableAutoPlayDialog: false });
    try {
      const videoTrack = local.getSnapshot().camera.track!;
      await client.startLocalVideo({ view, option: { videoTrack } });
      await waitUntil(() => (view.querySelector('video')?.videoWidth ?? 0) > 0, 'a picture');
    } finally {
      await client.stopLocalVideo();
      client.destroy();
      host.remove();
    }
    expect(local.getSnapshot().camera.track!.readyState, 'it is not its own').to.equal('live');
  });

  for (const [name, camera, microphone] of [
    ['NotAllowedError', 'permission-denied', 'permission-denied'],
    ['NotFoundError', 'no-camera', 'no-microphone'],
    ['NotReadableError', 'device-busy', 'device-busy'],
  ] as const) {
    it(`maps ${name} to the code that our own devices give`, async () => {
      const { getUserMedia } = navigator.mediaDevices;
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name));
      const client = sdk.create({ enableAutoPlayDialog: false });
      try {
        const told = (work: Promise<unknown>, source: 'camera' | 'microphone') =>
          work.then(
            () => expect.fail('it was opened'),
            (error: unknown) => TrtcError.from(error, source).code,
          );
        expect(await told(client.startLocalVideo(), 'camera')).to.equal(camera);
        expect(await told(client.startLocalAudio(), 'microphone')).to.equal(microphone);
      } finally {
        navigator.mediaDevices.getUserMedia = getUserMedia;
        client.destroy();
      }
    });
  }

  it('connects to Tencent’s hosts only', () => {
    expect(network.hosts).to.not.deep.equal([]);
    for (const host of network.hosts) {
      expect(host).to.match(/(^|\.)(cloud-rtc\.(com|net)|rtc-web\.(com|io)|qq\.com)$/);
    }
  });
});
