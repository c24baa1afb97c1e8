import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/with-timeout.ts';
import type { PictureSize } from '../media.ts';
import { LatestRequest } from './latest-request.ts';
import type { TrtcClient } from './sdk.ts';

type StreamType = Parameters<TrtcClient['startRemoteVideo']>[0]['streamType'];

/** The SDK may wait for ever for a stream that does not come. */
const DEADLINE = 10_000;
const RETRY = 2_000;

export interface TrtcVideoOptions {
  readonly client: TrtcClient;
  readonly clock: Clock;
  readonly userId: string;
  readonly streamType: StreamType;
  readonly changed: () => void;
}

/** One picture of one other person: asked for while it is there and wanted, small or large. */
export class TrtcVideo {
  readonly #options: TrtcVideoOptions;
  readonly #wish = new LatestRequest<PictureSize>((size) => this.#show(size));
  #available = false;
  #size: PictureSize = 'large';
  /** What the SDK was asked for, and not told to stop. */
  #started: PictureSize = 'none';
  #track: MediaStreamTrack | null = null;
  #cancelRetry: (() => void) | null = null;
  #closed = false;

  constructor(options: TrtcVideoOptions) {
    this.#options = options;
  }

  /** They send it, whether we take it or not. */
  get available(): boolean {
    return this.#available;
  }

  get track(): MediaStreamTrack | null {
    return this.#track;
  }

  setAvailable(available: boolean): void {
    this.#available = available;
    if (!available) {
      // The SDK stops what is no longer sent by itself.
      this.#started = 'none';
      this.#track = null;
    }
    this.#follow();
  }

  setSize(size: PictureSize): void {
    this.#size = size;
    this.#follow();
  }

  /** The SDK has another track for the same picture. */
  handleTrack(track: MediaStreamTrack): void {
    if (this.#started === 'none' || this.#track === track) return;
    this.#track = track;
    this.#options.changed();
  }

  /** Everything begins anew in the room: what was shown is gone. */
  close(): void {
    this.#closed = true;
    this.#available = false;
    this.#track = null;
    this.#cancelRetry?.();
  }

  #follow(): void {
    if (this.#closed) return;
    this.#cancelRetry?.();
    this.#wish.set(this.#available ? this.#size : 'none');
    this.#options.changed();
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
        await within(clock, DEADLINE, starting, () => new Error('no picture in time'));
        if (this.#started === size) this.#track = client.getVideoTrack({ userId, streamType });
      } else {
        await client.updateRemoteVideo({ userId, streamType, option });
      }
    } catch {
      // They may have stopped sending or gone meanwhile, and the next event of the SDK tells; where they have not,
      // it is asked for once more until it comes.
      if (this.#started === size) this.#started = 'none';
      if (this.#closed) return;
      this.#cancelRetry = clock.after(RETRY, () => this.#follow());
    }
    if (!this.#closed) this.#options.changed();
  }
}
