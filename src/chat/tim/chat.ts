import type { Picture, Platform } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type {
  ChatImage,
  ChatMessage,
  ChatTicket,
  Participant,
  ReadMark,
} from '../../protocol/views.ts';
import { Store } from '../../snapshot/store.ts';
import type {
  ChatDraft,
  ChatEntry,
  ChatRoom,
  ChatRoomOptions,
  ChatServer,
  ChatSnapshot,
  EnteredRoom,
  OutgoingMessage,
} from '../chat.ts';
import { DeskChat } from '../desk/chat.ts';
import { TimChannel } from './channel.ts';
import { EarlyMessages } from './early-messages.ts';
import type { ChannelMessage, ChannelNotice } from './message.ts';
import { loadTim } from './sdk.ts';

/** Loads the SDK before the first room needs it. */
export { loadTim as preload } from './sdk.ts';

type TimTicket = Extract<ChatTicket, { provider: 'tim' }>;

/**
 * The conversation over Tencent IM. As in every room, the desk stores the messages and decides their order. IM
 * carries the same messages under the same ids while signaling is away. So the failure of one of the two loses
 * nothing, and a call that falls back to the built-in chat has its whole history. See README.md.
 */
export class TimChat implements ChatRoom {
  readonly #options: ChatRoomOptions<TimTicket>;
  readonly #store: Store<ChatSnapshot>;
  readonly #desk: DeskChat;
  readonly #channel: TimChannel;
  readonly #early = new EarlyMessages();
  /** Everybody who was ever in the room, by id. Messages of others are not shown. */
  readonly #people = new Map<string, Participant>();
  /** Our messages that were given to the channel, by id. Each settles when it was sent or could not be sent. */
  readonly #given = new Map<string, Promise<void>>();
  /** Our pictures on the desk's server, by their id there. */
  readonly #images = new Map<string, ChatImage>();

  constructor(
    platform: Pick<Platform, 'clock' | 'randomBytes'>,
    options: ChatRoomOptions<TimTicket>,
    load = loadTim,
  ) {
    const { ticket, room, self, unsent = [] } = options;
    const { clock } = platform;
    this.#options = options;
    this.#desk = new DeskChat(platform, { self, unsent, server: this.#server() });
    this.#store = new Store(this.#desk.getSnapshot());
    this.#channel = new TimChannel(
      { ticket, room, self, clock, load, renewTicket: () => this.#renewTicket() },
      {
        changed: () => this.#handleChange(),
        message: (message) => this.#handleChannelMessage(message),
        notice: (from, notice) => this.#handleChannelNotice(from, notice),
      },
    );
    this.#desk.subscribe(() => this.#handleChange());
    void this.#channel.open();
  }

  getSnapshot(): Readonly<ChatSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  // ---- what the call passes on -----------------------------------------------------------------

  handleMessages(messages: readonly ChatMessage[]): void {
    this.#desk.handleMessages(messages);
  }

  handleReadMarks(marks: readonly ReadMark[]): void {
    this.#desk.handleReadMarks(marks);
  }

  handleTyping(from: string): void {
    this.#desk.handleTyping(from);
  }

  handleParticipants(participants: readonly Participant[]): void {
    for (const participant of participants) this.#people.set(participant.id, participant);
    this.#desk.handleParticipants(participants);
    this.#publish();
  }

  handleEntered(entered: EnteredRoom): void {
    this.#desk.handleEntered(entered);
    this.#channel.handleNetwork();
  }

  handleInterrupted(): void {
    this.#desk.handleInterrupted();
  }

  // ---- what the person does --------------------------------------------------------------------

  sendText(text: string): void {
    this.#desk.sendText(text);
  }

  sendImage(image: Picture): void {
    this.#desk.sendImage(image);
  }

  retry(id: string): void {
    this.#desk.retry(id);
  }

  notifyTyping(): void {
    this.#desk.notifyTyping();
  }

  markRead(): void {
    this.#early.see();
    this.#desk.markRead();
    this.#publish();
  }

  loadImage(id: string): Promise<Picture> {
    return this.#desk.loadImage(id);
  }

  close(): readonly OutgoingMessage[] {
    this.#channel.close();
    return this.#desk.close();
  }

  // ---- what arrives over the channel -------------------------------------------------------------

  #handleChannelMessage(message: ChannelMessage): void {
    if (message.from === this.#options.self.id) return;
    this.#early.add(message);
    this.#publish();
  }

  #handleChannelNotice(from: string, notice: ChannelNotice): void {
    if (notice.notice === 'typing') return this.#desk.handleTyping(from);
    // Anybody in the group can send a notice. Only those of participants count.
    if (!this.#people.has(from)) return;
    this.#desk.handleReadMarks([{ participant: from, sequence: notice.sequence }]);
  }

  // ---- what is sent both ways --------------------------------------------------------------------

  /** The desk's server as DeskChat uses it. A message is given to the channel first. */
  #server(): ChatServer {
    const { server } = this.#options;
    return {
      send: async (draft) => {
        await this.#sendOverChannel(draft);
        return server.send(draft);
      },
      history: (after) => server.history(after),
      read: async (sequence) => {
        this.#channel.notify({ notice: 'read', sequence });
        await server.read(sequence);
      },
      typing: () => {
        this.#channel.notify({ notice: 'typing' });
        server.typing();
      },
      upload: async (picture) => {
        const image = await server.upload(picture);
        this.#images.set(image.id, image);
        return image;
      },
      download: (id) => server.download(id),
    };
  }

  /** Rejects if IM refused the message. It is then not stored either, and can be sent again. */
  async #sendOverChannel({ messageId, imageId }: ChatDraft): Promise<void> {
    const image = imageId === undefined ? undefined : this.#images.get(imageId);
    const picture = this.#written.find(({ id }) => id === messageId)?.image?.local;
    if (image && picture) return this.#channel.sendPicture(messageId, image, picture);
    await this.#given.get(messageId);
  }

  get #written(): readonly ChatEntry[] {
    return this.#desk.getSnapshot().entries.filter(({ status }) => status === 'pending');
  }

  /**
   * Texts are given to the channel at once, although the desk may have to wait for signaling. The desk alone sends
   * those that were written while the channel was not ready.
   */
  #giveTexts(): void {
    const written = this.#written;
    for (const id of this.#given.keys()) {
      if (!written.some((entry) => entry.id === id)) this.#given.delete(id);
    }
    if (!this.#channel.ready) return;
    for (const { id, text } of written) {
      if (text === null || this.#given.has(id)) continue;
      const sent = this.#channel.sendText(id, text);
      this.#given.set(id, sent);
      sent.catch(() => {
        // `#sendOverChannel` awaits the same promise, and the desk's chat shows the failure.
      });
    }
  }

  async #renewTicket(): Promise<TimTicket> {
    const ticket = await this.#options.renewTicket();
    if (ticket.provider === 'tim') return ticket;
    throw new RtcDeskError('forbidden', 'this room no longer uses Tencent IM');
  }

  // ---- what is shown ---------------------------------------------------------------------------

  #handleChange(): void {
    this.#giveTexts();
    const { entries, unread } = this.#desk.getSnapshot();
    this.#early.remove(new Set(entries.map(({ id }) => id)));
    const unreadEntries = unread ? entries.filter(({ mine }) => !mine).slice(-unread) : [];
    // They were read before the desk delivered them.
    if (unreadEntries.length && unreadEntries.every(({ id }) => this.#early.wasSeen(id))) {
      this.#desk.markRead();
    }
    this.#publish();
  }

  #publish(): void {
    const desk = this.#desk.getSnapshot();
    const early = this.#early.messages.flatMap((message) => this.#entry(message));
    const unseen = early.filter(({ id }) => !this.#early.wasSeen(id)).length;
    const delivered = desk.entries.filter(({ status }) => status === 'sent' || status === 'seen');
    const overChannel = desk.state === 'offline' && this.#channel.ready;
    this.#store.update({
      state: overChannel ? 'ready' : desk.state,
      entries: [...delivered, ...early, ...desk.entries.slice(delivered.length)],
      typing: desk.typing,
      unread: desk.unread + unseen,
      error: this.#channel.error?.code ?? null,
    });
  }

  /** Empty while the sender is unknown here. */
  #entry({ id, from, sentAt, text, image }: ChannelMessage): readonly ChatEntry[] {
    const sender = this.#people.get(from);
    if (!sender) return [];
    const { name, role } = sender;
    return [
      { id, from, name, role, mine: false, sentAt, text, image, status: 'sent', error: null },
    ];
  }
}
