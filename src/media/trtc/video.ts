import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { PictureSize } from '../media.ts';
import { LatestRequest } from './latest-request.ts';
import type { TrtcClient } from './sdk.ts';

type StreamType = Parameters<TrtcClient['startRemoteVideo']>[0]['streamType'];

/** The SDK itself waits without limit for a stream that does not come. */
const START_TIMEOUT_MS = 10_000;
const RETRY_MS = 2_000;

export interface TrtcVideoOptions {
  readonly client: TrtcClient;
  readonly clock: Clock;
  readonly userId: string;
  readonly streamType: StreamType;
  readonly onChange: () => void;
}

/** One picture of one other person. It is requested while it is available and wanted, small or large. */
export class TrtcVideo {
  readonly #options: TrtcVideoOptions;
  readonly #request = new LatestRequest<PictureSize>((size) => this.#show(size));
  #available = false;
  #size: PictureSize = 'large';
  /** The size that the SDK was asked for; `none` after a stop. */
  #started: PictureSize = 'none';
  #track: MediaStreamTrack | null = null;
  #cancelRetry: (() => void) | null = null;
  #closed = false;

  constructor(options: TrtcVideoOptions) {
    this.#options = options;
  }

  /** The person sends it, also if we do not request it. */
  get available(): boolean {
    return this.#available;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  setAvailable(available: boolean): void {
    this.#available = available;
    if (!available) {
      // The SDK stops by itself.
      this.#started = 'none';
      this.#track = null;
    }
    this.#follow();
  }

  setSize(size: PictureSize): void {
    this.#size = size;
    this.#follow();
  }

  /** The SDK has another track for this picture. */
  handleTrack(track: MediaStreamTrack): void {
    if (this.#started === 'none' || this.#track === track) return;
    this.#track = track;
    this.#options.onChange();
  }

  /** For good. */
  close(): void {
    this.#closed = true;
    this.#available = false;
    this.#track = null;
    this.#cancelRetry?.();
  }

  #follow(): void {
    if (this.#closed) return;
    this.#cancelRetry?.();
    this.#request.set(this.#available ? this.#size : 'none');
    this.#options.onChange();
  }

  async #show(size: PictureSize): Promise<void> {
    if (this.#closed || size === this.#started) return;
    const { client, clock, userId, streamType } = this.#options;
    const before = this.#started;
    this.#started = size;
    const option = { small: size === 'small' };
    try {
      if (size === 'none') {
        this.#track = null;
        await client.stopRemoteVideo({ userId, streamType });
      } else if (before === 'none') {
        const starting = client.startRemoteVideo({ userId, streamType, option });
        await withTimeout(clock, START_TIMEOUT_MS, starting, () => new Error('no picture in time'));
        if (this.#started === size) this.#track = client.getVideoTrack({ userId, streamType });
      } else {
        await client.updateRemoteVideo({ userId, streamType, option });
      }
    } catch {
      // The person may have left or stopped sending; the next event of the SDK tells. Otherwise the request is
      // repeated until the picture comes.
      if (this.#started === size) this.#started = 'none';
      if (this.#closed) return;
      this.#cancelRetry = clock.after(RETRY_MS, () => this.#follow());
    }
    if (!this.#closed) this.#options.onChange();
  }
}
