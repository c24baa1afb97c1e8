import type { EnteredRoom, OutgoingMessage } from '../../chat/chat.ts';
import type { LocalMedia } from '../../media/local-media.ts';
import type { MediaStart, PictureSize, VirtualBackground, Watermark } from '../../media/media.ts';
import type { SpeechRecognizer } from '../../media/speech.ts';
import { Cancellation } from '../../platform/cancellation.ts';
import type { Picture, Platform } from '../../platform/platform.ts';
import type { CommandBody, CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { Participant, RoomView, Ticket } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling.ts';
import { Store } from '../../snapshot/store.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { RoomAdapters } from '../call-parts.ts';
import type {
  MediaModeSnapshot,
  NewCaption,
  Person,
  RoomControl,
  RoomSnapshot,
  ToolListener,
  ToolMessage,
} from '../room-control.ts';
import type { MediaAdaptation } from './adaptation.ts';
import { RoomChat } from './chat.ts';
import { DeviceControls } from './device-controls.ts';
import { REFUSALS, RoomLink } from './link.ts';
import { RoomMedia } from './media.ts';
import type { PictureTools } from './picture-tools.ts';
import { missingDevices, RoomPeople, type MissingDevices } from './people.ts';

export interface RoomSessionOptions {
  /** The desk's address. */
  readonly server: string;
  readonly ticket: Ticket;
  /** Replaces a session with another media provider. */
  readonly fellBack?: boolean | undefined;
  /** What was written in the session that this one replaces, and not delivered. */
  readonly unsent?: readonly OutgoingMessage[];
  readonly signaling: Signaling;
  readonly platform: Platform;
  readonly local: LocalMedia;
  readonly adapters: RoomAdapters;
  readonly start?: (() => MediaStart) | undefined;
  /** The person leaves. In a call's room that ends the call. */
  readonly onLeave: () => Promise<void>;
}

/** One participant in one room, from the ticket to leaving: media, chat and people. Used once. */
export class RoomSession extends DeviceControls implements RoomControl {
  onToolMessage: ToolListener | null = null;
  readonly #options: RoomSessionOptions;
  readonly #store: Store<RoomSnapshot>;
  readonly #link: RoomLink;
  readonly #media: RoomMedia;
  readonly #chat: RoomChat;
  readonly #people: RoomPeople;
  readonly #left = new Cancellation();
  readonly #stops: (() => void)[] = [];
  readonly #missing = new Map<string, MissingDevices>();
  /** What was told about missing devices, and to whom; null before one was missing. */
  #toldMissing: { readonly to: readonly Participant[]; readonly text: string } | null = null;
  #ticket: Ticket;
  #tools: Promise<PictureTools> | null = null;
  #adaptation: Promise<MediaAdaptation> | null = null;
  #participants: readonly Participant[] = [];
  #opened = false;
  #framed = false;
  #everEntered = false;
  /** The media cannot reach their provider, and the server was asked for others. */
  #fallingBack = false;

  constructor(options: RoomSessionOptions) {
    const { server, ticket, local, signaling, platform, adapters, fellBack, unsent = [] } = options;
    super(local);
    this.#options = options;
    this.#ticket = ticket;
    this.#people = new RoomPeople(platform.clock, () => this.#publish());
    this.#link = new RoomLink(signaling, platform.clock, ticket.room, ticket.participant, {
      entering: () => this.#media.handleEntering(),
      entered: (entered) => this.#handleEntered(entered),
      interrupted: () => this.#chat.handleInterrupted(),
      refused: (error) => this.#fail(error),
    });
    const shared = {
      ...{ signaling, adapters, left: this.#left, renewTicket: this.#renewTicket },
      ticket: () => this.#ticket,
      onChange: () => this.#publish(),
    };
    this.#chat = new RoomChat({ ...shared, server, platform, link: this.#link, unsent });
    this.#media = new RoomMedia({
      ...{ ...shared, local, start: options.start },
      onFailure: (error) => this.#handleMediaFailure(error),
    });
    this.#store = new Store<RoomSnapshot>({
      state: 'joining',
      error: null,
      room: ticket.room,
      people: [],
      local: local.getSnapshot(),
      chat: this.#chat.getSnapshot(),
      audioBlocked: false,
      mediaError: null,
      signaling: 'offline',
      fellBack,
      connectedAt: null,
      captions: ticket.captions,
    });
    this.#store.update({ people: this.#readPeople() });
  }

  getSnapshot(): Readonly<RoomSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Does not wait for devices: what they capture, now or later, is sent. */
  async join(): Promise<void> {
    const { local, signaling } = this.#options;
    const publish = () => this.#publish();
    this.#stops.push(local.subscribe(publish), signaling.subscribe(publish));
    this.#publish();
    this.#chat.begin();
    await this.#media.open();
    this.#opened = true;
    this.#enter();
  }

  /** After leaving: what was written and not delivered. The session that replaces this one sends it. */
  get unsent(): readonly OutgoingMessage[] {
    return this.#chat.unsent;
  }

  // ---- what the owner passes on ----------------------------------------------------------------

  /** `connectedAt` is the server's time; null if the room itself tells it. */
  handleView(ticket: Ticket, { participants }: RoomView, connectedAt: number | null): void {
    if (this.#over || (participants === this.#participants && ticket === this.#ticket)) return;
    this.#ticket = ticket;
    this.#participants = participants;
    if (ticket.video || this.#adaptation) this.#adapt((media) => media.handleTicket());
    const since = connectedAt ?? participants[1]?.enteredAt ?? null;
    const offset = this.#options.signaling.getSnapshot().clockOffset;
    if (since !== null && this.getSnapshot().connectedAt === null) {
      this.#store.update({ connectedAt: since - offset });
    }
    this.#chat.handleParticipants(participants);
    const others = participants.filter(({ id }) => id !== ticket.participant);
    this.#media.handleRoster(others.map(({ id }) => id));
    this.#publish();
  }

  handleDelivery(delivery: Delivery): void {
    if (delivery.room !== this.#ticket.room || this.#over) return;
    switch (delivery.type) {
      case 'signal':
        if (isToolMessage(delivery.data)) this.#handleTool(delivery.from, delivery.data);
        else this.#media.handleSignal(delivery.from, delivery.data);
        return;
      case 'chat':
      case 'chat-read':
      case 'typing':
        return this.#chat.handleDelivery(delivery);
      default:
        this.openPictureTools().then(
          (tools) => tools.handleDelivery(delivery),
          () => {
            // The code could not be loaded. The next message of this kind loads it again.
          },
        );
    }
  }

  #handleTool(from: string, data: ToolMessage): void {
    if (data.tool === 'media-mode') {
      return this.#adapt((media) => media.handleMessage(from, data));
    }
    if (data.tool !== 'devices') return this.onToolMessage?.(data, from);
    const { camera, microphone } = data;
    this.#missing.set(from, { camera: camera === true, microphone: microphone === true });
    this.#publish();
  }

  /** Tells the others which devices are missing, as soon as one is. The media tell only that nothing is sent. */
  #tellMissing(): void {
    const missing = missingDevices(this.local.getSnapshot());
    const { camera, microphone } = missing;
    const told = this.#toldMissing;
    if (!this.#link.entered || (!told && !camera && !microphone)) return;
    if (told && told.to === this.#participants && told.text === `${camera} ${microphone}`) return;
    this.#toldMissing = { to: this.#participants, text: `${camera} ${microphone}` };
    this.sendToTool({ tool: 'devices', ...missing });
  }

  /** Releases everything but the devices. `announce`: tells the server at once. Idempotent. */
  stop(announce: boolean): void {
    if (!this.#over) this.#release('left', announce);
  }

  // ---- what the person does --------------------------------------------------------------------

  useSpeaker(deviceId: string): Promise<void> {
    return this.#media.setSpeaker(deviceId);
  }
  async setWatermark(watermark: Watermark | null): Promise<void> {
    await this.#media.effects.setWatermark(watermark);
  }
  async setVirtualBackground(background: VirtualBackground | null): Promise<void> {
    await this.#media.effects.setVirtualBackground(background);
  }
  startAudio(): Promise<void> {
    return this.#media.startAudio();
  }
  async retryMedia(): Promise<void> {
    if (!this.getSnapshot().mediaError) return;
    this.#store.update({ mediaError: null });
    await this.#media.open();
  }
  setPictureSize(person: string, size: PictureSize): void {
    this.#media.setPictureSize(person, size);
  }
  openChat(): Promise<void> {
    return this.#chat.open();
  }
  sendText(text: string): void {
    this.#chat.requireAdapter().sendText(text);
  }
  sendImage(image: Picture): void {
    this.#chat.requireAdapter().sendImage(image);
  }
  retryMessage(id: string): void {
    this.#chat.adapter?.retry(id);
  }
  notifyTyping(): void {
    this.#chat.adapter?.notifyTyping();
  }
  markRead(): void {
    this.#chat.adapter?.markRead();
  }
  async loadImage(id: string): Promise<Picture> {
    return this.#chat.requireAdapter().loadImage(id);
  }
  sendToTool(data: ToolMessage, only?: string): void {
    const { room, participant } = this.#ticket;
    for (const { id: to, online } of this.#link.entered ? this.#participants : []) {
      if (to === participant || !online || (only && to !== only)) continue;
      void this.#options.signaling.notify({ type: 'signal', room, to, data });
    }
  }
  openPictureTools(): Promise<PictureTools> {
    return (this.#tools ??= this.#loadPictureTools());
  }
  openAdaptation(): Promise<MediaAdaptation> {
    return (this.#adaptation ??= this.#loadAdaptation());
  }
  openTranscriber(languages: readonly string[]): SpeechRecognizer | null | undefined {
    return this.#media.openTranscriber(languages);
  }
  keepCaption({ startedAt, ...caption }: NewCaption): Promise<CommandValues['add-caption']> {
    const { room } = this.#ticket;
    const offset = this.#options.signaling.getSnapshot().clockOffset;
    return this.#link.request<'add-caption'>({
      ...{ type: 'add-caption', room, ...caption },
      startedAt: Math.round(startedAt + offset),
    });
  }
  reportFirstFrame(sincePress: number | null): void {
    if (this.#framed) return;
    this.#framed = true;
    const { room, participant } = this.#ticket;
    this.#options.signaling
      .send<'report-first-frame'>(
        { type: 'report-first-frame', room, participant, sincePress },
        { cancellation: this.#left },
      )
      .catch(() => {
        // A figure that is missing harms nobody.
      });
  }
  async leave(): Promise<void> {
    const left = this.#options.onLeave();
    this.stop(true);
    await left;
  }

  async #loadPictureTools(): Promise<PictureTools> {
    try {
      const { PictureTools } = await import('./picture-tools.ts');
      const pictureTools = new PictureTools(this.#forCode());
      this.#store.update({ pictureTools });
      return pictureTools;
    } catch (error) {
      this.#tools = null;
      throw asRtcDeskError(error, 'offline');
    }
  }

  async #loadAdaptation(): Promise<MediaAdaptation> {
    try {
      const { MediaAdaptation } = await import('./adaptation.ts');
      return new MediaAdaptation(this.#forCode());
    } catch (error) {
      this.#adaptation = null;
      throw asRtcDeskError(error, 'offline');
    }
  }

  /** Without its code the media stay as they are. The next need loads it again. */
  #adapt(use: (adaptation: MediaAdaptation) => unknown): void {
    this.openAdaptation().then(use, () => {});
  }

  /** What code of the room gets that is loaded later. */
  #forCode() {
    return {
      ...this.#options,
      room: this.#ticket.room,
      link: this.#link,
      left: this.#left,
      token: () => this.#ticket.chat.token,
      ticket: () => this.#ticket,
      media: () => this.#media.getSnapshot(),
      snapshot: () => this.getSnapshot(),
      tell: (message: ToolMessage) => this.sendToTool(message),
      show: (mediaMode: MediaModeSnapshot) => this.#store.update({ mediaMode }),
    };
  }

  // ---- entering --------------------------------------------------------------------------------

  #enter(): void {
    if (!this.#opened || this.#fallingBack) return;
    if (this.#media.getSnapshot() || this.getSnapshot().mediaError) this.#link.enter();
  }

  #handleEntered(entered: EnteredRoom): void {
    this.#everEntered = true;
    this.#media.handleEntered();
    this.#chat.handleEntered(entered);
    this.#publish();
  }

  // ---- failures --------------------------------------------------------------------------------

  /** If the provider's cloud cannot be reached, the server may have other media. A new ticket then brings them. */
  #handleMediaFailure(error: RtcDeskError): void {
    if (error.code !== 'media-blocked') return this.#goOnWithoutMedia(error);
    if (this.#fallingBack) return;
    this.#fallingBack = true;
    this.#publish();
    this.#askForTicket('fall-back').catch(() => {
      // There are no other media. The person can only act on the first failure, so that one is shown.
      this.#fallingBack = false;
      this.#goOnWithoutMedia(error);
    });
  }

  /** An agent who cannot begin gives the call to another agent. Everybody else goes on with the chat. */
  #goOnWithoutMedia(error: RtcDeskError): void {
    const cannotBegin = this.#ticket.role === 'agent' && !this.#everEntered;
    if (cannotBegin || isFinal(error.code)) return this.#fail(error);
    if (this.#over) return;
    this.#media.leave();
    this.#store.update({ mediaError: error.code });
    this.#enter();
    this.#publish();
  }

  readonly #renewTicket = () => this.#askForTicket('renew-ticket');

  async #askForTicket<T extends 'renew-ticket' | 'fall-back'>(type: T): Promise<CommandValues[T]> {
    if (this.#over) throw new RtcDeskError('conflict');
    const { room, participant } = this.#ticket;
    const body = { type, room, participant } as unknown as CommandBody<T>;
    return this.#options.signaling.send<T>(body, { cancellation: this.#left });
  }

  #fail(error: RtcDeskError): void {
    if (!this.#over) this.#release('failed', true, error);
  }

  // ---- leaving ---------------------------------------------------------------------------------

  get #over(): boolean {
    return this.#left.cancelled;
  }

  #release(state: 'left' | 'failed', announce: boolean, error: RtcDeskError | null = null): void {
    this.#left.cancel();
    this.#people.stop();
    for (const stop of this.#stops.splice(0)) stop();
    this.#chat.close();
    // Before leaving the room: the mesh sends a leave notice, and the server passes it on only from inside.
    this.#media.leave();
    this.#link.leave(announce && this.#everEntered);
    const people = this.getSnapshot().people.filter((person) => person.self);
    const chat = this.#chat.getSnapshot();
    this.#store.update({ state, people, chat, error: error?.code ?? null, audioBlocked: false });
  }

  // ---- what is shown ---------------------------------------------------------------------------

  #publish(): void {
    if (this.#over) return;
    this.#tellMissing();
    const { local, signaling } = this.#options;
    const media = this.#media.getSnapshot();
    const remotes = media?.remotes ?? [];
    const broken =
      this.#fallingBack ||
      media?.state === 'reconnecting' ||
      (remotes.length > 0 && remotes.every(({ state }) => state === 'reconnecting'));
    const { mediaError, mediaMode } = this.getSnapshot();
    const poor = [media, ...remotes].some((one) => one?.quality === 1 || one?.quality === 2);
    if (!mediaMode && (poor || broken || mediaError)) this.#adapt((one) => one.watchNetwork());
    this.#store.update({
      state: !this.#everEntered ? 'joining' : broken ? 'reconnecting' : 'joined',
      people: this.#readPeople(),
      local: local.getSnapshot(),
      chat: this.#chat.getSnapshot(),
      audioBlocked: media?.audioBlocked ?? false,
      signaling: signaling.getSnapshot().state === 'online' ? 'online' : 'offline',
    });
  }

  #readPeople(): readonly Person[] {
    return this.#people.read({
      ticket: this.#ticket,
      participants: this.#participants,
      local: this.local.getSnapshot(),
      media: this.#media.getSnapshot(),
      missing: this.#missing,
      // Without media there is no connection to wait for.
      unknown: this.getSnapshot().mediaError ? 'connected' : 'connecting',
    });
  }
}

/** It concerns the person or the room: a chat without media would fail as well. */
function isFinal(code: ErrorCode): boolean {
  return REFUSALS.has(code) || code === 'signed-in-elsewhere';
}

/** The signals of the media have no `tool`. */
const isToolMessage = (data: unknown): data is ToolMessage =>
  typeof (data as Partial<ToolMessage> | null)?.tool === 'string';
