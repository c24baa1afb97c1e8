import type { ChatRoom, ChatSnapshot, OutgoingMessage } from '../../chat/chat.ts';
import type { LocalMedia } from '../../media/local-media.ts';
import type { PictureSize } from '../../media/media.ts';
import type { CommandBody, CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { RoomView, Ticket } from '../../protocol/views.ts';
import type { Delivery, Signaling } from '../../signaling/signaling-client.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import { chatServer } from './chat-server.ts';
import { keepUnchanged, peopleOf } from './people.ts';
import type { RoomAdapters } from '../call-parts.ts';
import type { RoomControl, RoomSnapshot, VirtualBackground, Watermark } from '../room-control.ts';
import { REFUSALS, RoomLink } from './link.ts';
import { RoomMedia } from './media.ts';
import { Speaking } from './speaking.ts';

/** What is shown of a conversation before its adapter is there. */
const NO_CHAT: ChatSnapshot = { state: 'connecting', entries: [], typing: [], unread: 0 };

export interface RoomSessionOptions {
  readonly server: string;
  readonly ticket: Ticket;
  /** Took the place of a join with another provider of media. */
  readonly fellBack?: boolean | undefined;
  /** What was written in it and not delivered. */
  readonly unsent?: readonly OutgoingMessage[];
  readonly signaling: Signaling;
  readonly local: LocalMedia;
  readonly adapters: RoomAdapters;
  /** What the person's own "leave" means beyond this room: in a call, its end. */
  readonly onLeave: () => Promise<void>;
  readonly clock?: Clock;
}

/** One join: media, chat and the server's roster of one room, from a ticket to leaving. Used once. */
export class RoomSession implements RoomControl {
  readonly #options: RoomSessionOptions;
  readonly #clock: Clock;
  readonly #store: Store<RoomSnapshot>;
  readonly #link: RoomLink;
  readonly #media: RoomMedia;
  readonly #speaking = new Speaking();
  readonly #left = new AbortController();
  readonly #stops: (() => void)[] = [];
  #ticket: Ticket;
  #view: RoomView;
  #chat: ChatRoom | null = null;
  #unsent: readonly OutgoingMessage[];
  #opened = false;
  #everEntered = false;
  #givenUp = false;
  #cancelSilence: (() => void) | null = null;

  constructor(options: RoomSessionOptions) {
    const { ticket, local, signaling, fellBack, unsent = [] } = options;
    this.#options = options;
    this.#unsent = unsent;
    this.#clock = options.clock ?? systemClock;
    this.#ticket = ticket;
    this.#view = { number: ticket.room, participants: [], chatSequence: 0 };
    this.#store = new Store<RoomSnapshot>({
      state: 'joining',
      error: null,
      room: ticket.room,
      people: peopleOf(ticket, [], local.getSnapshot(), null, () => false),
      local: local.getSnapshot(),
      chat: NO_CHAT,
      audioBlocked: false,
      mediaError: null,
      signaling: 'offline',
      fellBack,
      connectedAt: null,
      firstFrameAt: null,
    });
    this.#link = new RoomLink(signaling, this.#clock, ticket.room, ticket.participant, {
      entered: () => this.#handleEntered(),
      interrupted: () => this.#chat?.handleConnection(false),
      refused: (error) => this.#fail(error),
    });
    this.#media = new RoomMedia({
      ...{ local, signaling, adapters: options.adapters },
      ticket: () => this.#ticket,
      left: this.#left.signal,
      renewTicket: this.#renewTicket,
      changed: () => this.#publish(),
      failed: (error) => this.#giveUp(error),
    });
  }

  getSnapshot(): Readonly<RoomSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Waits for no device: whatever is captured by now, or later, is sent. */
  async join(): Promise<void> {
    const { local, signaling } = this.#options;
    const publish = () => this.#publish();
    this.#stops.push(local.subscribe(publish), signaling.subscribe(publish));
    this.#publish();
    await Promise.all([this.#media.open(), this.#openChat()]);
    this.#opened = true;
    this.#enter();
  }

  /** What was written and not delivered, once it was left: for the join that takes its place. */
  get unsent(): readonly OutgoingMessage[] {
    return this.#unsent;
  }

  // ---- what the owner hands in -----------------------------------------------------------------

  /** `connectedAt` is the server's, null where the room itself has to tell. */
  handleView(ticket: Ticket, view: RoomView, connectedAt: number | null): void {
    if (this.#over || (view === this.#view && ticket === this.#ticket)) return;
    this.#ticket = ticket;
    this.#view = view;
    const since = connectedAt ?? view.participants[1]?.enteredAt ?? null;
    const offset = this.#options.signaling.getSnapshot().clockOffset;
    if (since !== null && this.getSnapshot().connectedAt === null) {
      this.#store.update({ connectedAt: since - offset });
    }
    this.#handleRoster();
    this.#publish();
  }

  handleDelivery(delivery: Delivery): void {
    if (delivery.room !== this.#ticket.room || this.#over) return;
    if (delivery.type === 'signal') this.#media.handleSignal(delivery.from, delivery.data);
    else if (delivery.type === 'chat') this.#chat?.handleMessages(delivery.messages);
    else this.#chat?.handleTyping(delivery.from);
  }

  /** Lets go of everything but the devices. `announce`: tells the others at once. Idempotent. */
  stop(announce: boolean): void {
    if (!this.#over) this.#release('left', announce);
  }

  // ---- what the person does --------------------------------------------------------------------

  setMicrophoneOn(on: boolean): Promise<void> {
    return this.#options.local.setMicrophoneOn(on);
  }
  setCameraOn(on: boolean): Promise<void> {
    return this.#options.local.setCameraOn(on);
  }
  useCamera(deviceId: string): Promise<void> {
    return this.#options.local.useCamera(deviceId);
  }
  useMicrophone(deviceId: string): Promise<void> {
    return this.#options.local.useMicrophone(deviceId);
  }
  useSpeaker(deviceId: string): Promise<void> {
    return this.#media.setSpeaker(deviceId);
  }
  startScreen(): Promise<void> {
    return this.#options.local.startScreen();
  }
  stopScreen(): void {
    this.#options.local.stopScreen();
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
  sendText(text: string): void {
    this.#requireChat().sendText(text);
  }
  sendImage(image: Blob): void {
    this.#requireChat().sendImage(image);
  }
  retryMessage(id: string): void {
    this.#chat?.retry(id);
  }
  notifyTyping(): void {
    this.#chat?.notifyTyping();
  }
  markRead(): void {
    this.#chat?.markRead();
  }
  loadImage(id: string): Promise<Blob> {
    if (!this.#chat) return Promise.reject(new RtcDeskError('offline'));
    return this.#chat.loadImage(id);
  }
  async leave(): Promise<void> {
    const left = this.#options.onLeave();
    this.stop(true);
    await left;
  }

  // ---- inside ----------------------------------------------------------------------------------

  async #openChat(): Promise<void> {
    const { participant: id, name, role, room, chat: ticket } = this.#ticket;
    const { server: address, signaling } = this.#options;
    const token = () => this.#ticket.chat.token;
    const left = this.#left.signal;
    const server = chatServer({ address, room, token, signaling, link: this.#link, left });
    const unsent = this.#unsent;
    let chat: ChatRoom;
    try {
      const self = { id, name, role };
      const renewTicket = async () => (await this.#renewTicket()).chat;
      const options = { ticket, room, self, server, unsent, renewTicket };
      chat = await this.#options.adapters.openChat(options);
    } catch {
      // They can still see and hear each other; the conversation is shown as closed.
      if (!this.#over) this.#store.update({ chat: { ...NO_CHAT, state: 'closed' } });
      return;
    }
    if (this.#over) return void chat.close();
    this.#chat = chat;
    this.#stops.push(chat.subscribe(() => this.#publish()));
    chat.handleRoom(this.#view);
  }

  #handleEntered(): void {
    this.#everEntered = true;
    this.#media.handleAdmission();
    this.#chat?.handleConnection(true);
    this.#publish();
  }

  #handleRoster(): void {
    this.#chat?.handleRoom(this.#view);
    const others = this.#view.participants.filter(({ id }) => id !== this.#ticket.participant);
    this.#media.handleRoster(others.map(({ id }) => id));
  }

  #requireChat(): ChatRoom {
    if (!this.#chat) throw new RtcDeskError('offline');
    return this.#chat;
  }

  get #over(): boolean {
    return this.#left.signal.aborted;
  }

  /** Where the provider's cloud is out of reach the server may have other media: a new ticket then moves everyone. */
  #giveUp(error: RtcDeskError): void {
    if (error.code !== 'media-blocked') return this.#goOnInWriting(error);
    if (this.#givenUp) return;
    this.#givenUp = true;
    this.#publish();
    this.#askForTicket('fall-back').catch(() => {
      // Whyever there are no others: these did not come through, and that is what a person can do something about.
      this.#givenUp = false;
      this.#goOnInWriting(error);
    });
  }

  /** An agent who cannot begin is none: the call goes on to another. Whoever else can at least write. */
  #goOnInWriting(error: RtcDeskError): void {
    const cannotBegin = this.#ticket.role === 'agent' && !this.#everEntered;
    if (cannotBegin || isFinal(error.code)) return this.#fail(error);
    if (this.#over) return;
    this.#media.leave();
    this.#store.update({ mediaError: error.code });
    this.#enter();
    this.#publish();
  }

  #enter(): void {
    if (!this.#opened || this.#givenUp) return;
    if (this.#media.getSnapshot() || this.getSnapshot().mediaError) this.#link.enter();
  }

  readonly #renewTicket = () => this.#askForTicket('renew-ticket');

  #askForTicket<T extends 'renew-ticket' | 'fall-back'>(type: T): Promise<CommandValues[T]> {
    const { room, participant } = this.#ticket;
    const body = { type, room, participant } as unknown as CommandBody<T>;
    return this.#options.signaling.send<T>(body, { signal: this.#left.signal });
  }

  #fail(error: RtcDeskError): void {
    if (!this.#over) this.#release('failed', true, error);
  }

  #release(state: 'left' | 'failed', announce: boolean, error: RtcDeskError | null = null): void {
    this.#left.abort();
    this.#cancelSilence?.();
    for (const stop of this.#stops.splice(0)) stop();
    this.#unsent = this.#chat?.close() ?? this.#unsent;
    // First of all a goodbye of its own, which the server hands on only for those who are in the room.
    this.#media.leave();
    this.#link.leave(announce && this.#everEntered);
    const people = this.getSnapshot().people.filter((person) => person.self);
    const chat = this.#chat?.getSnapshot() ?? { ...NO_CHAT, state: 'closed' as const };
    this.#store.update({ state, people, chat, error: error?.code ?? null, audioBlocked: false });
  }

  #publish(): void {
    if (this.#over) return;
    const { local, signaling } = this.#options;
    const media = this.#media.getSnapshot();
    const before = this.getSnapshot();
    const now = this.#clock.now();
    const speaks = (id: string, level: number) => this.#speaking.hear(id, level, now);
    const mine = local.getSnapshot();
    const unseen = before.mediaError ? 'connected' : 'connecting';
    const people = peopleOf(this.#ticket, this.#view.participants, mine, media, speaks, unseen);
    this.#speaking.keep(new Set(people.map(({ id }) => id)));
    this.#lookAgainAtSilence(now);
    const remotes = media?.remotes ?? [];
    const broken =
      this.#givenUp ||
      media?.state === 'reconnecting' ||
      (remotes.length > 0 && remotes.every(({ state }) => state === 'reconnecting'));
    this.#store.update({
      state: !this.#everEntered ? 'joining' : broken ? 'reconnecting' : 'joined',
      people: keepUnchanged(before.people, people),
      local: mine,
      chat: this.#chat?.getSnapshot() ?? before.chat,
      audioBlocked: media?.audioBlocked ?? false,
      signaling: signaling.getSnapshot().state === 'online' ? 'online' : 'offline',
      firstFrameAt: media?.firstFrameAt ?? null,
    });
  }

  #lookAgainAtSilence(now: number): void {
    this.#cancelSilence?.();
    const wait = this.#speaking.untilSilence(now);
    this.#cancelSilence = wait === null ? null : this.#clock.after(wait, () => this.#publish());
  }
}

/** About the person or the room: without media there would be no conversation for them either. */
function isFinal(code: ErrorCode): boolean {
  return REFUSALS.has(code) || code === 'signed-in-elsewhere';
}
