import { systemClock, type Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { TrtcTestRoom } from '../../protocol/rest/device-test.ts';
import { failed, passed, skipped } from '../device-test-results.ts';
import { endTrtcClient } from '../trtc/end-client.ts';
import { TrtcError } from '../trtc/error.ts';
import {
  loadTrtcSdk,
  makeTrtcInstance,
  type TrtcClient,
  type TrtcSdk,
  type TrtcTestSdk,
} from '../trtc/sdk.ts';
import { judgeNetwork } from './measure-network.ts';
import { drawMovingPicture } from './moving-picture.ts';

/** For entering twice and the first picture. Without a network the SDK gives up after 5 to 7 s. */
const CONNECT_MS = 15_000;
/** The SDK tells the quality every 2 s. */
const MEASURE_MS = 8_000;

type LoadSdk = () => Promise<TrtcTestSdk>;

/** Asks the SDK whether it supports this browser. `data` has its answer for each ability. */
export async function checkTrtcBrowser(load: LoadSdk = loadTrtcSdk): Promise<DeviceCheckResult> {
  const sdk = await load().catch(() => null);
  if (!sdk) return failed('cloud-blocked');
  const { result, detail } = await sdk.isSupported();
  const flags = Object.entries(detail).filter(
    (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
  );
  const data = Object.fromEntries(flags);
  return result ? passed(data) : failed('cloud-unsupported', data);
}

/**
 * Sends a picture for 8 s to TRTC's cloud and back, between two people of this page in a room of their own. The way up
 * and the way down are measured by the SDK; the worse one counts, by the limits of `judgeNetwork`. TRTC does not tell
 * the capacity. `data.uplink` and `data.downlink` are the SDK's worst levels: 1 (excellent) to 6 (disconnected).
 */
export async function measureTrtc(
  room: TrtcTestRoom,
  track: MediaStreamTrack | null,
  { load = loadTrtcSdk, clock = systemClock }: { load?: LoadSdk; clock?: Clock } = {},
): Promise<DeviceCheckResult> {
  const sdk = await load().catch(() => null);
  if (!sdk) return failed('cloud-blocked');
  const drawn = track ? null : drawMovingPicture();
  const pair = new TrtcPair(sdk, room, clock);
  try {
    await pair.connect(track ?? drawn!);
    return await pair.measure();
  } catch (error) {
    // The account, not the network of this person.
    return TrtcError.from(error).refused ? skipped('cloud-refused') : failed('cloud-blocked');
  } finally {
    await pair.close();
    drawn?.stop();
  }
}

/** What the SDK tells of one direction. `loss` is in percent. */
interface Sample {
  readonly level: number;
  readonly loss: number;
  readonly roundTripMs: number;
}

class TrtcPair {
  readonly #sdk: TrtcSdk;
  readonly #room: TrtcTestRoom;
  readonly #clock: Clock;
  readonly #sender: TrtcClient;
  readonly #receiver: TrtcClient;

  constructor(sdk: TrtcSdk, room: TrtcTestRoom, clock: Clock) {
    this.#sdk = sdk;
    this.#room = room;
    this.#clock = clock;
    this.#sender = makeTrtcInstance(sdk).client;
    this.#receiver = makeTrtcInstance(sdk).client;
  }

  /** Resolves when the receiver shows the sender's picture. */
  connect(videoTrack: MediaStreamTrack): Promise<void> {
    const timedOut = () => new RtcDeskError('media-blocked', 'No picture came in time.');
    return withTimeout(this.#clock, CONNECT_MS, this.#connect(videoTrack), timedOut);
  }

  async #connect(videoTrack: MediaStreamTrack): Promise<void> {
    const receiver = this.#receiver;
    const shown = new Promise<void>((resolve, reject) => {
      receiver.on('remote-video-available', ({ userId, streamType }) => {
        receiver.startRemoteVideo({ userId, streamType }).then(resolve, reject);
      });
    });
    // A failure before the picture is waited for is told by what failed.
    shown.catch(() => undefined);
    await this.#enter(receiver, 'receiver');
    await this.#sender.startLocalVideo({ option: { videoTrack } });
    await this.#enter(this.#sender, 'sender');
    await shown;
  }

  #enter(client: TrtcClient, person: 'sender' | 'receiver'): Promise<void> {
    const { sdkAppId, room, [person]: account } = this.#room;
    return client.enterRoom({
      ...{ sdkAppId, strRoomId: room, ...account },
      scene: this.#sdk.TYPE.SCENE_RTC,
      autoReceiveAudio: false,
      autoReceiveVideo: false,
      enableAutoPlayDialog: false,
    });
  }

  async measure(): Promise<DeviceCheckResult> {
    const up: Sample[] = [];
    const down: Sample[] = [];
    this.#sender.on('network-quality', (one) => {
      const { uplinkNetworkQuality: level, uplinkLoss: loss, uplinkRTT: roundTripMs } = one;
      up.push({ level, loss, roundTripMs });
    });
    this.#receiver.on('network-quality', (one) => {
      const { downlinkNetworkQuality: level, downlinkLoss: loss, downlinkRTT: roundTripMs } = one;
      down.push({ level, loss, roundTripMs });
    });
    await new Promise<void>((resolve) => this.#clock.after(MEASURE_MS, resolve));
    // 0: the SDK has not measured yet. 6: there is no connection at that moment, and no figures.
    const known = (samples: readonly Sample[]) =>
      samples.filter(({ level }) => level >= 1 && level <= 5);
    const ways = [known(up), known(down)];
    if (ways.some((way) => way.length === 0)) return failed('cloud-blocked');
    const worst = (of: (sample: Sample) => number) =>
      Math.max(...ways.map((way) => way.reduce((sum, one) => sum + of(one), 0) / way.length));
    const { data, ...judged } = judgeNetwork({
      kilobits: null,
      loss: worst(({ loss }) => loss) / 100,
      jitterMs: null,
      roundTripMs: Math.round(worst(({ roundTripMs }) => roundTripMs)),
    });
    const level = (samples: readonly Sample[]) => Math.max(...samples.map((one) => one.level));
    return { ...judged, data: { ...data, uplink: level(up), downlink: level(down) } };
  }

  async close(): Promise<void> {
    await Promise.all([
      endTrtcClient(this.#sender, this.#clock, [() => this.#sender.stopLocalVideo()]),
      endTrtcClient(this.#receiver, this.#clock),
    ]);
  }
}
