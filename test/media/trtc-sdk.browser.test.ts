import { expect, waitUntil } from '@open-wc/testing';
import type { TrtcClient, TrtcSdk } from '../../src/media/trtc-sdk.ts';
import { TrtcRoom } from '../../src/media/trtc.ts';
import type { RtcDeskError } from '../../src/protocol/errors.ts';
import { CutNetwork } from '../support/cut-network.ts';
import { realLocalMedia } from '../support/real-local-media.ts';

const ticket = {
  provider: 'trtc',
  sdkAppId: 1_400_000_000,
  userSig: 'eJwx',
  privateMapKey: 'eJwx',
} as const;

/** The package's script as it is: its module needs a bundler, which the tests of the build have. */
function loadScript(): Promise<TrtcSdk> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = () => resolve((window as unknown as { TRTC: TrtcSdk }).TRTC);
    script.onerror = reject;
    script.src = '/node_modules/trtc-sdk-v5/trtc.js';
    document.head.append(script);
  });
}

describe('the TRTC SDK itself, without a network', () => {
  let network: CutNetwork;
  let local: ReturnType<typeof realLocalMedia>;
  let made: { client: TrtcClient; ended: boolean }[];

  let sdk: TrtcSdk;

  before(async () => {
    network = new CutNetwork();
    sdk = await loadScript();
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

  it('tells that the cloud is out of reach, by our code, and ends with the devices as they were', async () => {
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

  it('asks nobody but Tencent', () => {
    expect(network.hosts).to.not.deep.equal([]);
    for (const host of network.hosts) {
      expect(host).to.match(/(^|\.)(cloud-rtc\.(com|net)|rtc-web\.(com|io)|qq\.com)$/);
    }
  });
});
