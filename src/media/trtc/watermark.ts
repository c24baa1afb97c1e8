import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/with-timeout.ts';
import type { Watermark } from '../media.ts';
import type { TrtcClient } from './sdk.ts';

/** The plugin waits for the picture as long as its server does. */
const DEADLINE = 10_000;

export type LoadWatermark = () => Promise<{ default: Parameters<TrtcClient['use']>[0] }>;

const loadPlugin: LoadWatermark = () =>
  import('trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js');

/**
 * The SDK's plugin for a watermark, a chunk that is loaded with the first one. It draws onto the camera that is being
 * sent, in that camera's size: whoever sends another camera shows the watermark again.
 */
export class TrtcWatermark {
  readonly #client: TrtcClient;
  readonly #clock: Clock;
  readonly #load: LoadWatermark;
  #installed = false;
  #started = false;
  /** Why the one that was asked for last is not there. */
  error: RtcDeskError | null = null;

  constructor(client: TrtcClient, clock: Clock, load = loadPlugin) {
    this.#client = client;
    this.#clock = clock;
    this.#load = load;
  }

  /** Never rejects, since the camera goes on without: see `error`. */
  async show(watermark: Watermark | null): Promise<void> {
    this.error = null;
    try {
      // An update would tell nobody when it is done, nor that it failed.
      if (this.#started) await this.#client.stopPlugin('Watermark');
      this.#started = false;
      if (!watermark) return;
      await within(this.#clock, DEADLINE, this.#start(watermark), () => new Error('no picture'));
    } catch (cause) {
      this.error = new RtcDeskError('media-failed', 'The watermark cannot be shown.', { cause });
    }
  }

  async #start({ image, x, y, width, height }: Watermark): Promise<void> {
    if (!this.#installed) {
      this.#client.use((await this.#load()).default);
      this.#installed = true;
    }
    // Also one that fails is to be stopped: the SDK would start no other.
    this.#started = true;
    const size = { width, height };
    await this.#client.startPlugin('Watermark', { imageUrl: image, x, y, size });
  }
}
