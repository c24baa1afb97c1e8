import type { LocalMedia } from '../../media/local-media.ts';
import type {
  CameraEffects,
  MediaRoom,
  MediaSnapshot,
  MediaStart,
  PictureSize,
} from '../../media/media.ts';
import type { SpeechRecognizer } from '../../media/speech.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Ticket } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { RoomAdapters } from '../call-parts.ts';

/** Enough for a first offer with its candidates to everybody in a full room. The mesh repeats lost signals. */
const MAX_EARLY_SIGNALS = 100;

export interface RoomMediaOptions {
  /** The newest one. */
  readonly ticket: () => Ticket;
  readonly local: LocalMedia;
  readonly adapters: RoomAdapters;
  readonly signaling: Signaling;
  /** Cancelled when the room is left. */
  readonly left: Cancellation;
  readonly renewTicket: () => Promise<CommandValues['renew-ticket']>;
  readonly onChange: () => void;
  /** What `open` begins with. Nothing is given twice. */
  readonly start?: (() => MediaStart) | undefined;
  /** The media cannot be used any more. `open` tries again. */
  readonly onFailure: (error: RtcDeskError) => void;
}

/** One participant's media, over one adapter at a time. A later adapter is told what the earlier one knew. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  readonly #sizes = new Map<string, PictureSize>();
  #room: MediaRoom | null = null;
  #unsubscribe: (() => void) | null = null;
  #roster: readonly string[] = [];
  /** How often we asked the server to let us in. */
  #attempts = 0;
  /** Signals from before we asked. Later ones follow on the same socket, and the server handles them afterwards. */
  #early: (() => void)[] = [];

  constructor(options: RoomMediaOptions) {
    this.#options = options;
  }

  /** Null if there are no media. */
  getSnapshot(): Readonly<MediaSnapshot> | null {
    return this.#room?.getSnapshot() ?? null;
  }

  /** Resolves when the media have entered or failed. */
  async open(): Promise<void> {
    const { adapters, local, left, renewTicket, onFailure } = this.#options;
    const { media: ticket, participant: self, room: number } = this.#options.ticket();
    const sendSignal = (to: string, data: unknown) => this.#send(number, to, data);
    let room: MediaRoom | null = null;
    try {
      const own = { ticket, self, room: number, local, sendSignal, renewTicket };
      const options = { ...own, start: this.#options.start?.() };
      room = await adapters.openMedia(options);
      if (left.cancelled) return await room.leave();
      this.#room = room;
      for (const [person, size] of this.#sizes) room.setPictureSize(person, size);
      this.#unsubscribe = room.subscribe(() => this.#handleChange());
      // The others in the room are known: connections are prepared while the server lets us in.
      room.handleRoster(this.#roster);
      await room.enter();
    } catch (error) {
      // The failure of a room that was left meanwhile does not matter.
      if (this.#room === room) onFailure(asRtcDeskError(error, 'media-failed'));
    }
  }

  leave(): void {
    const room = this.#room;
    this.#unsubscribe?.();
    this.#unsubscribe = this.#room = null;
    room?.leave().catch(() => {
      // The adapter holds nothing but the room; the devices belong to LocalMedia.
    });
  }

  /** The server was asked to let us in: at first, and again after a refusal and after each reconnect. */
  handleEntering(): void {
    this.#attempts += 1;
    for (const send of this.#early.splice(0)) send();
  }

  /** The server let us in. What was sent during an earlier attempt may be lost. */
  handleEntered(): void {
    if (this.#attempts > 1) this.#room?.handleSignalingRestored();
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

  /** Throws `media-failed` if the media have no effects. */
  get effects(): CameraEffects {
    const effects = this.#room?.effects;
    if (!effects) throw new RtcDeskError('media-failed');
    return effects;
  }

  /** Nothing if the media have none. */
  openTranscriber(languages: readonly string[]): SpeechRecognizer | null | undefined {
    return this.#room?.openTranscriber?.(languages);
  }

  async startAudio(): Promise<void> {
    await this.#room?.startAudio();
  }

  #send(room: number, to: string, data: unknown): void {
    const { signaling } = this.#options;
    const send = () => void signaling.notify({ type: 'signal', room, to, data });
    if (this.#attempts > 0) send();
    else if (this.#early.length < MAX_EARLY_SIGNALS) this.#early.push(send);
  }

  #handleChange(): void {
    const { state, error } = this.#room!.getSnapshot();
    if (state !== 'failed') return this.#options.onChange();
    this.#options.onFailure(new RtcDeskError(error ?? 'media-failed'));
  }
}
