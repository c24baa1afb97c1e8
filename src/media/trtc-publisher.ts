import type { Clock } from '../snapshot/clock.ts';
import type { LocalMedia } from './local-media.ts';
import type { Watermark } from './media.ts';
import type { TrtcClient } from './trtc-sdk.ts';
import { TrtcSource } from './trtc-source.ts';
import { TrtcWatermark, type LoadWatermark } from './trtc-watermark.ts';

/** What 720 lines of a face need, and what a small tile needs beside them; kbit/s. */
const CAMERA = { width: 1280, height: 720, frameRate: 30, bitrate: 1_800 };
const SMALL = { width: 320, height: 180, frameRate: 15, bitrate: 200 };
/** Text has to be readable, not smooth. */
const SCREEN = { width: 1920, height: 1080, frameRate: 15, bitrate: 2_500 };

interface Picture {
  readonly videoTrack: MediaStreamTrack;
}

interface MarkedPicture extends Picture {
  readonly watermark: Watermark | null;
}

interface Sound {
  readonly audioTrack: MediaStreamTrack;
  readonly mute: boolean;
}

/**
 * Sends what LocalMedia has, and follows it. The SDK is given the tracks: it opens no device, and stops none. While
 * another device is being opened the old stream stays published, so that the others see one picture follow the other.
 */
export class TrtcPublisher {
  readonly #local: LocalMedia;
  readonly #camera: TrtcSource<MarkedPicture>;
  readonly #microphone: TrtcSource<Sound>;
  readonly #screen: TrtcSource<Picture>;
  readonly #mark: TrtcWatermark;
  #watermark: Watermark | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(client: TrtcClient, local: LocalMedia, clock: Clock, load?: LoadWatermark) {
    this.#local = local;
    const mark = (this.#mark = new TrtcWatermark(client, clock, load));
    this.#camera = new TrtcSource<MarkedPicture>(clock, {
      start: async ({ videoTrack, watermark }) => {
        await client.startLocalVideo({ option: { videoTrack, profile: CAMERA, small: SMALL } });
        await mark.show(watermark);
      },
      update: async ({ videoTrack, watermark }, before) => {
        if (videoTrack !== before.videoTrack) {
          await client.updateLocalVideo({ option: { videoTrack } });
        }
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

  /** Resolves when nothing of ours is sent any more. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    await Promise.all([this.#camera.close(), this.#microphone.close(), this.#screen.close()]);
  }

  /** Rejects where it cannot be shown. Without a camera it waits for one. */
  async setWatermark(watermark: Watermark | null): Promise<void> {
    // A copy: one that could not be shown is tried again when it is asked for again.
    this.#watermark = watermark && { ...watermark };
    this.#follow();
    await this.#camera.settled();
    if (this.#mark.error) throw this.#mark.error;
  }

  /** The SDK stops sending a screen whose track has ended. */
  handleScreenStopped(): void {
    this.#screen.handleStopped();
  }

  #follow(): void {
    const { camera, microphone, screen } = this.#local.getSnapshot();
    const picture = ({ state, track }: typeof camera) =>
      state === 'on' && track ? { videoTrack: track } : null;
    if (camera.state !== 'starting') {
      const shown = picture(camera);
      this.#camera.set(shown && { ...shown, watermark: this.#watermark });
    }
    if (screen.state !== 'starting') this.#screen.set(picture(screen));
    if (microphone.state !== 'starting') {
      const { track, state } = microphone;
      this.#microphone.set(track ? { audioTrack: track, mute: state !== 'on' } : null);
    }
  }
}
