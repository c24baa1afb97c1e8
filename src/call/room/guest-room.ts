import type { PictureSize, VirtualBackground, Watermark } from '../../media/media.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { GuestView } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling-client.ts';
import { Store } from '../../snapshot/store.ts';
import type { CallParts } from '../call-parts.ts';
import type { RoomControl, RoomSnapshot } from '../room-control.ts';
import { RoomParticipation } from './participation.ts';

/** A room that is not a call's, entered with a token. It joins by itself; `leave` ends it. */
export class GuestRoom implements RoomControl {
  readonly #parts: CallParts;
  readonly #store: Store<RoomSnapshot>;
  readonly #seat: RoomParticipation;
  readonly #signaling: Signaling<GuestView>;
  readonly #stops: (() => void)[];
  #over = false;

  constructor(options: { readonly server: string; readonly token: string }, parts: CallParts) {
    this.#parts = parts;
    this.#store = new Store<RoomSnapshot>({
      state: 'joining',
      error: null,
      room: null,
      people: [],
      local: parts.local.getSnapshot(),
      chat: { state: 'connecting', entries: [], typing: [], unread: 0 },
      audioBlocked: false,
      mediaError: null,
      signaling: 'offline',
      connectedAt: null,
      firstFrameAt: null,
    });
    this.#seat = new RoomParticipation({
      server: options.server,
      parts,
      onLeave: () => this.leave(),
      onChange: () => this.#handleRoom(),
    });
    this.#signaling = parts.connect<GuestView>({
      server: options.server,
      hello: (previous) => ({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        role: 'guest',
        token: options.token,
        ...(previous ? {} : { fresh: true }),
      }),
      onDelivery: (delivery) => this.#seat.handleDelivery(delivery),
    });
    this.#stops = [
      this.#signaling.subscribe(() => this.#follow()),
      parts.local.subscribe(() => this.#store.update({ local: parts.local.getSnapshot() })),
    ];
  }

  getSnapshot(): Readonly<RoomSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Asks for the room and for the devices at the same time. */
  join(): void {
    void this.#parts.local.start();
    this.#signaling.open();
  }

  setMicrophoneOn(on: boolean): Promise<void> {
    return this.#parts.local.setMicrophoneOn(on);
  }
  setCameraOn(on: boolean): Promise<void> {
    return this.#parts.local.setCameraOn(on);
  }
  useCamera(deviceId: string): Promise<void> {
    return this.#parts.local.useCamera(deviceId);
  }
  useMicrophone(deviceId: string): Promise<void> {
    return this.#parts.local.useMicrophone(deviceId);
  }
  async useSpeaker(deviceId: string): Promise<void> {
    await this.#seat.room?.useSpeaker(deviceId);
  }
  startScreen(): Promise<void> {
    return this.#parts.local.startScreen();
  }
  stopScreen(): void {
    this.#parts.local.stopScreen();
  }
  async setWatermark(watermark: Watermark | null): Promise<void> {
    await this.#requireRoom().setWatermark(watermark);
  }
  async setVirtualBackground(background: VirtualBackground | null): Promise<void> {
    await this.#requireRoom().setVirtualBackground(background);
  }
  async startAudio(): Promise<void> {
    await this.#seat.room?.startAudio();
  }
  async retryMedia(): Promise<void> {
    await this.#seat.room?.retryMedia();
  }
  setPictureSize(person: string, size: PictureSize): void {
    this.#seat.room?.setPictureSize(person, size);
  }
  sendText(text: string): void {
    this.#requireRoom().sendText(text);
  }
  sendImage(image: Blob): void {
    this.#requireRoom().sendImage(image);
  }
  retryMessage(id: string): void {
    this.#seat.room?.retryMessage(id);
  }
  notifyTyping(): void {
    this.#seat.room?.notifyTyping();
  }
  markRead(): void {
    this.#seat.room?.markRead();
  }
  async loadImage(id: string): Promise<Blob> {
    return this.#requireRoom().loadImage(id);
  }
  async leave(): Promise<void> {
    this.#end({ state: 'left' });
  }

  #requireRoom(): RoomControl {
    const room = this.#seat.room;
    if (!room) throw new RtcDeskError(this.#over ? 'conflict' : 'offline');
    return room;
  }

  #follow(): void {
    const { state, error, view } = this.#signaling.getSnapshot();
    if (state === 'closed') return this.#end({ state: 'failed', error: error ?? 'offline' });
    if (view) {
      this.#seat.follow(this.#signaling, {
        ticket: view.ticket,
        room: view.room,
        connectedAt: null,
      });
    }
    if (!this.#over) this.#handleRoom();
  }

  #handleRoom(): void {
    const snapshot = this.#seat.room?.getSnapshot();
    const signaling = this.#signaling.getSnapshot().state === 'online' ? 'online' : 'offline';
    if (!snapshot) this.#store.update({ signaling });
    else if (snapshot.state === 'failed') this.#end({ ...snapshot, state: 'failed' });
    else this.#store.update(snapshot);
  }

  /** Stops everything; what was said stays readable. */
  #end(last: Partial<RoomSnapshot>): void {
    if (this.#over) return;
    this.#over = true;
    for (const stop of this.#stops.splice(0)) stop();
    const left = this.#seat.leave(true)?.getSnapshot();
    this.#parts.local.stop();
    this.#signaling.close();
    this.#store.update({ ...left, local: this.#parts.local.getSnapshot(), ...last });
  }
}
