import type { Picture, Platform } from '../../platform/platform.ts';
import type {
  DeviceAction,
  DeviceAnswer,
  Drawing,
  DrawingChange,
  DrawnPicture,
  Point,
} from '../../protocol/drawing.ts';
import { changeDrawing, NO_DRAWING } from '../../protocol/drawing-change.ts';
import type { PictureToolDelivery } from '../../protocol/server-messages.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { Store } from '../../snapshot/store.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type {
  DeviceRequest,
  PictureToolsControl,
  PictureToolsSnapshot,
} from '../picture-tools-control.ts';
import type { RoomLink } from './link.ts';
import { RoomPictures, type RoomPicturesOptions } from './pictures.ts';

/** Between two positions of the pointer. The server takes 20 a second. */
const POINT_INTERVAL_MS = 100;
/** A pointer that is not moved goes away: its end may be lost. */
const POINTER_SHOWN_MS = 4_000;
/** The server's rate keeps an agent below this. Further requests are refused unseen. */
const MAX_REQUESTS = 4;

export interface PictureToolsOptions extends RoomPicturesOptions {
  readonly platform: Platform;
  readonly signaling: Signaling;
  readonly link: RoomLink;
}

/**
 * One participant's picture tools. The server holds the drawing and sends all of it after each change. A change of this
 * page is shown at once, and sent when the one before it was answered.
 */
export class PictureTools implements PictureToolsControl {
  readonly #options: PictureToolsOptions;
  readonly #pictures: RoomPictures;
  readonly #store = new Store<PictureToolsSnapshot>({
    drawing: NO_DRAWING,
    pointers: new Map(),
    requests: [],
    asked: null,
    error: null,
  });
  /** As the server has it. */
  #drawing: Drawing = NO_DRAWING;
  /** In the order of sending. */
  #pending: readonly DrawingChange[] = [];
  #sending = false;
  /** What this page has uploaded, by id. */
  readonly #ownStills = new Map<string, Picture>();
  /** The newest position that waits for its turn; undefined: none. */
  #nextPoint: Point | null | undefined;
  #pointing = false;
  readonly #pointerTimers = new Map<string, () => void>();

  constructor(options: PictureToolsOptions) {
    this.#options = options;
    this.#pictures = new RoomPictures(options);
    options.left.onCancel(() => {
      for (const stop of this.#pointerTimers.values()) stop();
    });
  }

  getSnapshot(): Readonly<PictureToolsSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  handleDelivery(delivery: PictureToolDelivery): void {
    switch (delivery.type) {
      case 'drawing':
        this.#drawing = delivery.drawing;
        return this.#show();
      case 'pointer':
        return this.#movePointer(delivery.from, delivery.at);
      case 'device-request': {
        const { requestId: id, from, action } = delivery;
        return this.#handleRequest({ id, from, action });
      }
      case 'device-answer': {
        const { asked } = this.getSnapshot();
        if (asked?.id !== delivery.requestId || asked.to !== delivery.from) return;
        this.#store.update({ asked: { ...asked, state: delivery.answer } });
      }
    }
  }

  // ---- drawing ---------------------------------------------------------------------------------

  change(change: DrawingChange): boolean {
    if (!changeDrawing(this.getSnapshot().drawing, change)) return false;
    this.#pending = [...this.#pending, change];
    this.#store.update({ error: null });
    this.#show();
    void this.#send();
    return true;
  }

  async freeze(picture: Omit<DrawnPicture, 'still'>, image: Picture): Promise<void> {
    const { id: still } = await this.#pictures.upload(image);
    this.#ownStills.set(still, image);
    this.change({ kind: 'show', picture: { ...picture, still } });
  }

  async loadStill(id: string): Promise<Picture> {
    return this.#ownStills.get(id) ?? this.#pictures.download(id);
  }

  async #send(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    for (let change = this.#pending[0]; change; change = this.#pending[0]) {
      try {
        const { room, link } = this.#options;
        await link.request<'change-drawing'>({ type: 'change-drawing', room, change });
        this.#drawing = changeDrawing(this.#drawing, change) ?? this.#drawing;
      } catch (error) {
        if (this.#options.left.cancelled) break;
        this.#store.update({ error: asRtcDeskError(error, 'server-error').code });
      }
      this.#pending = this.#pending.slice(1);
      this.#show();
    }
    this.#sending = false;
  }

  #show(): void {
    let drawing = this.#drawing;
    for (const change of this.#pending) drawing = changeDrawing(drawing, change) ?? drawing;
    this.#store.update({ drawing });
  }

  // ---- pointing --------------------------------------------------------------------------------

  point(at: Point | null): void {
    this.#nextPoint = at;
    if (!this.#pointing) this.#sendPoint();
  }

  #sendPoint(): void {
    const at = this.#nextPoint;
    this.#pointing = at !== undefined;
    if (at === undefined) return;
    this.#nextPoint = undefined;
    const { room, signaling, platform } = this.#options;
    signaling.notify({ type: 'point', room, at });
    platform.clock.after(POINT_INTERVAL_MS, () => this.#sendPoint());
  }

  #movePointer(from: string, at: Point | null): void {
    this.#pointerTimers.get(from)?.();
    this.#pointerTimers.delete(from);
    const pointers = new Map(this.getSnapshot().pointers);
    if (at) {
      pointers.set(from, at);
      const hide = () => this.#movePointer(from, null);
      this.#pointerTimers.set(from, this.#options.platform.clock.after(POINTER_SHOWN_MS, hide));
    } else {
      pointers.delete(from);
    }
    this.#store.update({ pointers });
  }

  // ---- devices ---------------------------------------------------------------------------------

  ask(to: string, action: DeviceAction): void {
    const { room, link, platform } = this.#options;
    const id = Array.from(platform.randomBytes(16), (byte) => byte.toString(36)).join('');
    this.#store.update({ asked: { id, to, action, state: 'asked' }, error: null });
    const command = { type: 'request-device-action', room, to, requestId: id, action } as const;
    link.request<'request-device-action'>(command).catch((error: unknown) => {
      const { asked } = this.getSnapshot();
      if (asked?.id !== id) return;
      const gone = asRtcDeskError(error, 'server-error').code === 'not-found';
      this.#store.update({ asked: { ...asked, state: gone ? 'gone' : 'failed' } });
    });
  }

  answer({ id, from }: DeviceRequest, answer: DeviceAnswer): void {
    const requests = this.getSnapshot().requests.filter((one) => one.id !== id);
    this.#store.update({ requests });
    const { room, link } = this.#options;
    link
      .request<'answer-device-request'>({
        type: 'answer-device-request',
        ...{ room, to: from, requestId: id, answer },
      })
      .catch(() => {
        // The agent has left, or this person has: nobody waits for the answer.
      });
  }

  #handleRequest(request: DeviceRequest): void {
    const { requests } = this.getSnapshot();
    if (requests.some(({ id }) => id === request.id)) return;
    if (requests.length >= MAX_REQUESTS) this.answer(request, 'refused');
    else this.#store.update({ requests: [...requests, request] });
  }
}
