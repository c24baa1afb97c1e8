import type { LocalMediaSnapshot, SourceName } from '../../media/local-media.ts';
import type { PictureSize, VirtualBackground, Watermark } from '../../media/media.ts';
import type { Picture } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { GuestView, Permissions } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { Store } from '../../snapshot/store.ts';
import type { CallParts } from '../call-parts.ts';
import type { RoomControl, RoomSnapshot, ToolListener, ToolMessage } from '../room-control.ts';
import { DeviceControls } from './device-controls.ts';
import { RoomParticipation } from './participation.ts';

/** A room that belongs to no call, entered with a room token. */
export class GuestRoom extends DeviceControls implements RoomControl {
  onToolMessage: ToolListener | null = null;
  readonly #store: Store<RoomSnapshot>;
  readonly #participation: RoomParticipation;
  readonly #signaling: Signaling<GuestView>;
  readonly #stops: (() => void)[];
  /** What this person may not send. Everything, until the ticket says what the token allows. */
  #withheld: readonly SourceName[] = ['microphone', 'camera', 'screen'];
  #devicesAsked = false;
  #over = false;

  constructor(options: { readonly server: string; readonly token: string }, parts: CallParts) {
    super(parts.local);
    this.#store = new Store<RoomSnapshot>({
      state: 'joining',
      error: null,
      room: null,
      people: [],
      local: this.#readLocal(),
      withheld: this.#withheld,
      chat: { state: 'connecting', entries: [], typing: [], unread: 0 },
      audioBlocked: false,
      mediaError: null,
      signaling: 'offline',
      connectedAt: null,
    });
    this.#participation = new RoomParticipation({
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
      onDelivery: (delivery) => this.#participation.handleDelivery(delivery),
    });
    this.#stops = [
      this.#signaling.subscribe(() => this.#follow()),
      parts.local.subscribe(() => this.#store.update({ local: this.#readLocal() })),
    ];
  }

  getSnapshot(): Readonly<RoomSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Enters the room. The first ticket says which devices are opened. */
  join(): void {
    this.#signaling.open();
  }

  override async setMicrophoneOn(on: boolean): Promise<void> {
    this.#require('microphone');
    await super.setMicrophoneOn(on);
  }
  override async useMicrophone(deviceId: string): Promise<void> {
    this.#require('microphone');
    await super.useMicrophone(deviceId);
  }
  override async setCameraOn(on: boolean): Promise<void> {
    this.#require('camera');
    await super.setCameraOn(on);
  }
  override async useCamera(deviceId: string): Promise<void> {
    this.#require('camera');
    await super.useCamera(deviceId);
  }
  override async startScreen(): Promise<void> {
    this.#require('screen');
    await super.startScreen();
  }

  async useSpeaker(deviceId: string): Promise<void> {
    await this.#participation.room?.useSpeaker(deviceId);
  }
  async setWatermark(watermark: Watermark | null): Promise<void> {
    await this.#requireRoom().setWatermark(watermark);
  }
  async setVirtualBackground(background: VirtualBackground | null): Promise<void> {
    await this.#requireRoom().setVirtualBackground(background);
  }
  async startAudio(): Promise<void> {
    await this.#participation.room?.startAudio();
  }
  async retryMedia(): Promise<void> {
    await this.#participation.room?.retryMedia();
  }
  setPictureSize(person: string, size: PictureSize): void {
    this.#participation.room?.setPictureSize(person, size);
  }
  async openChat(): Promise<void> {
    await this.#participation.room?.openChat();
  }
  sendText(text: string): void {
    this.#requireRoom().sendText(text);
  }
  sendImage(image: Picture): void {
    this.#requireRoom().sendImage(image);
  }
  retryMessage(id: string): void {
    this.#participation.room?.retryMessage(id);
  }
  notifyTyping(): void {
    this.#participation.room?.notifyTyping();
  }
  markRead(): void {
    this.#participation.room?.markRead();
  }
  async loadImage(id: string): Promise<Picture> {
    return this.#requireRoom().loadImage(id);
  }
  sendToTool(message: ToolMessage, to?: string): void {
    this.#participation.room?.sendToTool(message, to);
  }
  /** A meeting has no press and no queue. */
  reportFirstFrame(): void {}
  async leave(): Promise<void> {
    this.#end({ state: 'left' });
  }

  #require(source: SourceName): void {
    if (this.#withheld.includes(source)) throw new RtcDeskError('forbidden');
  }

  /** The devices that this person may not use are not offered. */
  #readLocal(): LocalMediaSnapshot {
    const local = this.local.getSnapshot();
    return {
      ...local,
      cameras: this.#withheld.includes('camera') ? [] : local.cameras,
      microphones: this.#withheld.includes('microphone') ? [] : local.microphones,
    };
  }

  /** Opens the devices that this person may use. The permissions of a token never change. */
  #openDevices({ speak, show }: Permissions): void {
    if (this.#devicesAsked) return;
    this.#devicesAsked = true;
    this.#withheld = [
      ...(speak ? [] : (['microphone'] as const)),
      ...(show ? [] : (['camera', 'screen'] as const)),
    ];
    this.#store.update({ withheld: this.#withheld, local: this.#readLocal() });
    if (speak && show) void this.local.start();
    else if (speak) void this.local.setMicrophoneOn(true);
    else if (show) void this.local.setCameraOn(true);
  }

  #requireRoom(): RoomControl {
    const room = this.#participation.room;
    if (!room) throw new RtcDeskError(this.#over ? 'conflict' : 'offline');
    return room;
  }

  #follow(): void {
    const { state, error, view } = this.#signaling.getSnapshot();
    if (state === 'closed') return this.#end({ state: 'failed', error: error ?? 'offline' });
    if (view) {
      if (view.room.ticket) this.#openDevices(view.room.ticket.permissions);
      this.#participation.follow(this.#signaling, { view: view.room, connectedAt: null });
    }
    if (!this.#over) this.#handleRoom();
  }

  #handleRoom(): void {
    const { room } = this.#participation;
    if (room) room.onToolMessage = this.onToolMessage;
    const snapshot = room?.getSnapshot();
    const signaling = this.#signaling.getSnapshot().state === 'online' ? 'online' : 'offline';
    if (!snapshot) this.#store.update({ signaling });
    else if (snapshot.state === 'failed') this.#end({ ...snapshot, state: 'failed' });
    else this.#store.update({ ...snapshot, local: this.#readLocal() });
  }

  /** Stops everything. The conversation stays readable. */
  #end(last: Partial<RoomSnapshot>): void {
    if (this.#over) return;
    this.#over = true;
    for (const stop of this.#stops.splice(0)) stop();
    const left = this.#participation.leave(true)?.getSnapshot();
    this.local.stop();
    this.#signaling.close();
    this.#store.update({ ...left, local: this.#readLocal(), ...last });
  }
}
