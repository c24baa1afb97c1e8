import { RtcDeskError } from '../../protocol/errors.ts';
import type { CameraEffects, VirtualBackground, Watermark } from '../media.ts';
import type { TrtcPublisher } from './publisher.ts';

/** The effects on our camera while we are in the room. A watermark may be set before. */
export class TrtcEffects implements CameraEffects {
  #publisher: TrtcPublisher | null = null;
  #watermark: Watermark | null = null;

  /** `onChange`: the sent track of our camera may have changed. */
  constructor(private readonly onChange: () => void) {}

  /** Starts sending. */
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
      this.onChange();
    }
  }
}
