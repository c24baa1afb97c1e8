import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { Watermark } from '../media.ts';
import type { TrtcClient } from './sdk.ts';

/** The plugin itself waits for the picture as long as its server does. */
const PICTURE_TIMEOUT_MS = 10_000;

export type LoadWatermark = () => Promise<{ default: Parameters<TrtcClient['use']>[0] }>;

const loadPlugin: LoadWatermark = () =>
  import('trtc-sdk-v5/plugins/video-effect/watermark/watermark.esm.js');

/**
 * The SDK's plugin for a watermark. Its chunk is loaded with the first watermark. It draws on the camera that is sent,
 * in that camera's size. After a change of the camera the watermark must be shown again.
 */
export class TrtcWatermark {
  readonly #client: TrtcClient;
  readonly #clock: Clock;
  readonly #load: LoadWatermark;
  #installed = false;
  #started = false;
  /** Why the latest watermark is not shown. */
  error: RtcDeskError | null = null;

  constructor(client: TrtcClient, clock: Clock, load = loadPlugin) {
    this.#client = client;
    this.#clock = clock;
    this.#load = load;
  }

  /** Never rejects, because the camera goes on without it: see `error`. */
  async show(watermark: Watermark | null): Promise<void> {
    this.error = null;
    try {
      // The SDK does not report the end or the failure of an update.
      if (this.#started) await this.#client.stopPlugin('Watermark');
      this.#started = false;
      if (!watermark) return;
      await withTimeout(
        this.#clock,
        PICTURE_TIMEOUT_MS,
        this.#start(watermark),
        () => new Error('no picture'),
      );
    } catch (cause) {
      this.error = new RtcDeskError('media-failed', 'The watermark cannot be shown.', { cause });
    }
  }

  async #start({ image, x, y, width, height }: Watermark): Promise<void> {
    if (!this.#installed) {
      this.#client.use((await this.#load()).default);
      this.#installed = true;
    }
    // A start that fails must be stopped as well. Otherwise the SDK starts no other.
    this.#started = true;
    const size = { width, height };
    await this.#client.startPlugin('Watermark', { imageUrl: image, x, y, size });
  }
}
