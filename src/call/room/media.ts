import type { LocalMedia } from '../../media/local-media.ts';
import type { CameraEffects, MediaRoom, MediaSnapshot, PictureSize } from '../../media/media.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Ticket } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling-client.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { RoomAdapters } from '../call-parts.ts';

/** More than a first offer to each of a full room and its candidates; what is lost beyond is said again. */
const EARLY_SIGNALS = 100;

export interface RoomMediaOptions {
  /** The newest one. */
  readonly ticket: () => Ticket;
  readonly local: LocalMedia;
  readonly adapters: RoomAdapters;
  readonly signaling: Signaling;
  /** Aborted when the room is left. */
  readonly left: AbortSignal;
  readonly renewTicket: () => Promise<CommandValues['renew-ticket']>;
  readonly changed: () => void;
  /** The media are of no use any more; `open` tries again with others. */
  readonly failed: (error: RtcDeskError) => void;
}

/** The media of one join, over the one adapter that is in use: what an adapter has to know, another one is told too. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  readonly #sizes = new Map<string, PictureSize>();
  #room: MediaRoom | null = null;
  #unsubscribe: (() => void) | null = null;
  #roster: readonly string[] = [];
  #admitted = false;
  /** What was to be said before the server counted us in: until then it would hand nothing on. */
  #early: (() => void)[] = [];

  constructor(options: RoomMediaOptions) {
    this.#options = options;
  }

  /** null where there are none. */
  getSnapshot(): Readonly<MediaSnapshot> | null {
    return this.#room?.getSnapshot() ?? null;
  }

  /** Resolves when they are in, or were found to be of no use. */
  async open(): Promise<void> {
    const { adapters, local, left, renewTicket, failed } = this.#options;
    const { media: ticket, participant: self, room: number } = this.#options.ticket();
    const sendSignal = (to: string, data: unknown) => this.#send(number, to, data);
    let room: MediaRoom | null = null;
    try {
      const options = { ticket, self, room: number, local, sendSignal, renewTicket };
      room = await adapters.openMedia(options);
      if (left.aborted) return await room.leave();
      this.#room = room;
      for (const [person, size] of this.#sizes) room.setPictureSize(person, size);
      this.#unsubscribe = room.subscribe(() => this.#handleChange());
      // Those who are there need not be waited for twice: connections are prepared while the server lets us in.
      room.handleRoster(this.#roster);
      await room.enter();
    } catch (error) {
      // One that was left meanwhile has nothing to tell any more.
      if (this.#room === room) failed(asRtcDeskError(error, 'media-failed'));
    }
  }

  leave(): void {
    const room = this.#room;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#room = null;
    room?.leave().catch(() => {
      // It was to let go of the room, and has nothing else; the devices are not its own.
    });
  }

  /** The server counts us in: at first, and again after each reconnect. */
  handleAdmission(): void {
    if (this.#admitted) this.#room?.handleSignalingRestored();
    this.#admitted = true;
    for (const send of this.#early.splice(0)) send();
  }

  handleRoster(others: readonly string[]): void {
    this.#roster = others;
    this.#room?.handleRoster(others);
  }

  handleSignal(from: string, data: unknown): void {
    this.#room?.handleSignal(from, data);
  }

  setPictureSize(person: string, size: PictureSize): void {
    this.#sizes.set(person, size);
    this.#room?.setPictureSize(person, size);
  }

  async setSpeaker(deviceId: string): Promise<void> {
    await this.#room?.setSpeaker(deviceId);
  }

  /** Throws with `media-failed` where the media have none. */
  get effects(): CameraEffects {
    const effects = this.#room?.effects;
    if (!effects) throw new RtcDeskError('media-failed');
    return effects;
  }

  async startAudio(): Promise<void> {
    await this.#room?.startAudio();
  }

  #send(room: number, to: string, data: unknown): void {
    const { signaling } = this.#options;
    const send = () => void signaling.notify({ type: 'signal', room, to, data });
    if (this.#admitted) send();
    else if (this.#early.length < EARLY_SIGNALS) this.#early.push(send);
  }

  #handleChange(): void {
    const { state, error } = this.#room!.getSnapshot();
    if (state !== 'failed') return this.#options.changed();
    this.#options.failed(new RtcDeskError(error ?? 'media-failed'));
  }
}
