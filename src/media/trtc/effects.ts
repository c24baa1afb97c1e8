import { RtcDeskError } from '../../protocol/errors.ts';
import type { CameraEffects, VirtualBackground, Watermark } from '../media.ts';
import type { TrtcPublisher } from './publisher.ts';

/** What can be done to our picture, while something is sent. A watermark may be chosen before. */
export class TrtcEffects implements CameraEffects {
  #publisher: TrtcPublisher | null = null;
  #watermark: Watermark | null = null;

  /** `changed`: what is sent of our camera may be another track. */
  constructor(private readonly changed: () => void) {}

  /** Begins to send. */
  open(publisher: TrtcPublisher): void {
    this.#publisher = publisher;
    publisher.start(this.#watermark);
  }

  close(): void {
    this.#publisher = null;
  }

  async setWatermark(watermark: Watermark | null): Promise<void> {
    this.#watermark = watermark;
    await this.#publisher?.setWatermark(watermark);
  }

  async setVirtualBackground(background: VirtualBackground | null): Promise<void> {
    if (!this.#publisher) throw new RtcDeskError('conflict', 'Not in the room.');
    try {
      await this.#publisher.setVirtualBackground(background);
    } finally {
      this.changed();
    }
  }
}
