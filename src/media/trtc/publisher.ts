import type { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { LocalMedia } from '../local-media.ts';
import type { VirtualBackground, Watermark } from '../media.ts';
import type { VideoProfile } from '../../protocol/video-profile.ts';
import { VIDEO_PROFILES } from '../../protocol/video-profiles.ts';
import type { TrtcClient } from './sdk.ts';
import { TrtcSource } from './source.ts';
import {
  TrtcVirtualBackground,
  type Account,
  type LoadVirtualBackground,
} from './virtual-background.ts';
import { TrtcWatermark, type LoadWatermark } from './watermark.ts';

/** What a small tile needs; bitrates in kbit/s. */
const SMALL = { width: 320, height: 180, frameRate: 15, bitrate: 200 };
/** Text must be readable. It need not move smoothly. */
const SCREEN = { width: 1920, height: 1080, frameRate: 15, bitrate: 2_500 };

interface Picture {
  readonly videoTrack: MediaStreamTrack;
}

interface MarkedPicture extends Picture {
  readonly watermark: Watermark | null;
  readonly profile: VideoProfile;
}

interface Sound {
  readonly audioTrack: MediaStreamTrack;
  readonly mute: boolean;
}

export interface TrtcPublisherOptions {
  readonly client: TrtcClient;
  readonly local: LocalMedia;
  readonly clock: Clock;
  /** Of the newest ticket. */
  readonly account: () => Account;
  /** Load the plugins. */
  readonly loadWatermark?: LoadWatermark | undefined;
  readonly loadVirtualBackground?: LoadVirtualBackground | undefined;
  readonly assets?: string | undefined;
}

/**
 * Sends what LocalMedia holds, and follows its changes. The SDK gets the tracks and opens or stops no device. While
 * another device is being opened, the old stream stays published, so that the others see no gap.
 */
export class TrtcPublisher {
  readonly #local: LocalMedia;
  readonly #camera: TrtcSource<MarkedPicture>;
  readonly #microphone: TrtcSource<Sound>;
  readonly #screen: TrtcSource<Picture>;
  readonly #mark: TrtcWatermark;
  readonly #background: TrtcVirtualBackground;
  #watermark: Watermark | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(options: TrtcPublisherOptions) {
    const { client, local, clock, loadWatermark, loadVirtualBackground: load } = options;
    this.#local = local;
    this.#background = new TrtcVirtualBackground({ ...options, load });
    const mark = (this.#mark = new TrtcWatermark(client, clock, loadWatermark));
    this.#camera = new TrtcSource<MarkedPicture>(clock, {
      start: async ({ videoTrack, watermark, profile }) => {
        const option = { videoTrack, small: SMALL, ...encodingOf(profile) };
        await client.startLocalVideo({ option });
        await mark.show(watermark);
      },
      update: async ({ videoTrack, watermark, profile }, before) => {
        const option = {
          ...(videoTrack !== before.videoTrack && { videoTrack }),
          ...(profile !== before.profile && encodingOf(profile)),
        };
        if (Object.keys(option).length > 0) await client.updateLocalVideo({ option });
        await mark.show(watermark);
      },
      stop: async () => {
        await mark.show(null);
        await client.stopLocalVideo();
      },
    });
    this.#microphone = new TrtcSource<Sound>(clock, {
      start: ({ audioTrack, mute }) => client.startLocalAudio({ mute, option: { audioTrack } }),
      update: ({ audioTrack, mute }, before) =>
        audioTrack === before.audioTrack
          ? client.updateLocalAudio({ mute })
          : client.updateLocalAudio({ mute, option: { audioTrack } }),
      stop: () => client.stopLocalAudio(),
    });
    this.#screen = new TrtcSource<Picture>(clock, {
      start: ({ videoTrack }) =>
        client.startScreenShare({ option: { videoTrack, profile: SCREEN } }),
      update: ({ videoTrack }) => client.updateScreenShare({ option: { videoTrack } }),
      stop: () => client.stopScreenShare(),
    });
  }

  start(watermark: Watermark | null): void {
    this.#watermark = watermark;
    this.#unsubscribe ??= this.#local.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Resolves when nothing is sent any more. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all([
      this.#camera.close(),
      this.#microphone.close(),
      this.#screen.close(),
      this.#background.close(),
    ]);
  }

  /** Rejects if it cannot be shown. Without a camera it is shown with the next one. */
  async setWatermark(watermark: Watermark | null): Promise<void> {
    // A copy, so that the same watermark after a failure counts as a new request.
    this.#watermark = watermark && { ...watermark };
    this.#follow();
    await this.#camera.settled();
    if (this.#mark.error) throw this.#mark.error;
  }

  /** Rejects if it cannot be shown. It needs no camera, and stays for the next one. */
  setVirtualBackground(background: VirtualBackground | null): Promise<void> {
    return this.#background.set(background);
  }

  /** Our camera as others see it, if that differs from the captured picture. */
  get picture(): MediaStreamTrack | null {
    return this.#background.picture;
  }

  /** `null`: the captured picture. */
  handlePicture(picture: MediaStreamTrack | null): void {
    this.#background.handlePicture(picture);
  }

  handleRoomLost(error: RtcDeskError): void {
    this.#background.handleRoomLost(error);
  }

  /** The SDK stops sending a screen whose track has ended. */
  handleScreenStopped(): void {
    this.#screen.handleStopped();
  }

  #follow(): void {
    const { camera, microphone, screen, held, profile } = this.#local.getSnapshot();
    const picture = (source: 'camera' | 'screen') => {
      const { state, track } = this.#local.getSnapshot()[source];
      return state === 'on' && track && !held?.includes(source) ? { videoTrack: track } : null;
    };
    if (camera.state !== 'starting') {
      const shown = picture('camera');
      this.#camera.set(
        shown && {
          ...shown,
          watermark: this.#watermark,
          profile: profile ?? VIDEO_PROFILES.standard,
        },
      );
    }
    if (screen.state !== 'starting') this.#screen.set(picture('screen'));
    if (microphone.state !== 'starting') {
      const { track, state } = microphone;
      const mute = state !== 'on' || !!held?.includes('microphone');
      this.#microphone.set(track ? { audioTrack: track, mute } : null);
    }
  }
}

/** As the SDK takes it. `qosPreference`: what is kept on a weak network. */
const encodingOf = ({ height, frameRate, bitrate, prefer }: VideoProfile) => ({
  profile: { width: Math.round((height * 16) / 9), height, frameRate, bitrate },
  qosPreference: prefer === 'sharpness' ? ('clear' as const) : ('smooth' as const),
});
