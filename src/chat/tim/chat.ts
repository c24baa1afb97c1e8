import { RtcDeskError } from '../../protocol/errors.ts';
import type {
  ChatImage,
  ChatMessage,
  ChatTicket,
  Participant,
  RoomView,
} from '../../protocol/views.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import type {
  ChatDraft,
  ChatEntry,
  ChatRoom,
  ChatRoomOptions,
  ChatServer,
  ChatSnapshot,
} from '../chat.ts';
import { DeskChat } from '../desk/chat.ts';
import { EarlyMessages } from './early-messages.ts';
import { loadTim } from './sdk.ts';
import type { OutgoingMessage } from '../desk/outbox.ts';
import { TimChannel } from './channel.ts';
import type { ChannelMessage, ChannelNotice } from './message.ts';

/** Its SDK alone, ahead of the first room. */
export { loadTim as preload } from './sdk.ts';

type TimTicket = Extract<ChatTicket, { provider: 'tim' }>;

/**
 * The conversation over Tencent IM. The desk keeps the record and is the judge of what was said, when and in
 * which order, as in every room; the cloud's line carries the same messages, under the same ids, past a
 * signaling that is away. So nothing is lost with either of the two, and a call that falls back to the
 * built-in chat has its whole history. See README.md.
 */
export class TimChat implements ChatRoom {
  readonly #options: ChatRoomOptions<TimTicket>;
  readonly #store: Store<ChatSnapshot>;
  readonly #desk: DeskChat;
  readonly #line: TimChannel;
  readonly #early = new EarlyMessages();
  /** Everybody who was ever in the room, by their id: only what they say is shown. */
  readonly #people = new Map<string, Participant>();
  /** Up to where others say on the line that they have read. */
  readonly #reads = new Map<string, number>();
  /** Our messages that the line was given, by id: settled when it has carried them, or could not. */
  readonly #given = new Map<string, Promise<void>>();
  /** Our pictures on the desk's server, by their id there. */
  readonly #images = new Map<string, ChatImage>();
  #room: RoomView | null = null;

  constructor(options: ChatRoomOptions<TimTicket>, clock: Clock = systemClock, load = loadTim) {
    const { ticket, room, self, unsent = [] } = options;
    this.#options = options;
    this.#desk = new DeskChat({ self, unsent, server: this.#server() }, clock);
    this.#store = new Store(this.#desk.getSnapshot());
    this.#line = new TimChannel(
      { ticket, room, self, clock, load, renewTicket: () => this.#renewTicket() },
      {
        changed: () => this.#follow(),
        message: (message) => this.#handleLineMessage(message),
        notice: (from, notice) => this.#handleLineNotice(from, notice),
      },
    );
    this.#desk.subscribe(() => this.#follow());
    void this.#line.open();
  }

  getSnapshot(): Readonly<ChatSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  // ---- what the call hands in ------------------------------------------------------------------

  handleMessages(messages: readonly ChatMessage[]): void {
    this.#desk.handleMessages(messages);
  }

  handleTyping(from: string): void {
    this.#desk.handleTyping(from);
  }

  handleRoom(room: RoomView): void {
    this.#room = room;
    for (const participant of room.participants) this.#people.set(participant.id, participant);
    this.#handleRoom();
  }

  handleConnection(online: boolean): void {
    this.#desk.handleConnection(online);
    if (online) this.#line.handleNetwork();
  }

  // ---- what the person does --------------------------------------------------------------------

  sendText(text: string): void {
    this.#desk.sendText(text);
  }

  sendImage(image: Blob): void {
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

  loadImage(id: string): Promise<Blob> {
    return this.#desk.loadImage(id);
  }

  close(): readonly OutgoingMessage[] {
    this.#line.close();
    return this.#desk.close();
  }

  // ---- what comes over the line ----------------------------------------------------------------

  #handleLineMessage(message: ChannelMessage): void {
    if (message.from === this.#options.self.id) return;
    this.#early.add(message);
    this.#publish();
  }

  #handleLineNotice(from: string, notice: ChannelNotice): void {
    if (notice.notice === 'typing') return this.#desk.handleTyping(from);
    this.#reads.set(from, Math.max(this.#reads.get(from) ?? 0, notice.sequence));
    this.#handleRoom();
  }

  /** The roster, with what the line knows of read marks and the roster does not yet. */
  #handleRoom(): void {
    if (!this.#room) return;
    const participants = this.#room.participants.map((participant) => ({
      ...participant,
      readSequence: Math.max(participant.readSequence, this.#reads.get(participant.id) ?? 0),
    }));
    this.#desk.handleRoom({ ...this.#room, participants });
  }

  // ---- what goes both ways ---------------------------------------------------------------------

  /** The desk's server, as the desk's chat asks it: a message goes over the line first. */
  #server(): ChatServer {
    const { server } = this.#options;
    return {
      send: async (draft) => {
        await this.#give(draft);
        return server.send(draft);
      },
      history: (after) => server.history(after),
      read: async (sequence) => {
        this.#line.notify({ notice: 'read', sequence });
        await server.read(sequence);
      },
      typing: () => {
        this.#line.notify({ notice: 'typing' });
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

  /** Rejects where the cloud refused the message: then it is not kept either, and can be sent again. */
  async #give({ messageId, imageId }: ChatDraft): Promise<void> {
    const image = imageId === undefined ? undefined : this.#images.get(imageId);
    const picture = this.#written.find(({ id }) => id === messageId)?.image?.local;
    if (image && picture) return this.#line.sendPicture(messageId, image, picture);
    await this.#given.get(messageId);
  }

  get #written(): readonly ChatEntry[] {
    return this.#desk.getSnapshot().entries.filter(({ status }) => status === 'pending');
  }

  /**
   * What was written goes over the line at once, though the record may have to wait for signaling to come
   * back. What was written while there was no line is the desk's alone.
   */
  #giveTexts(): void {
    const written = this.#written;
    for (const id of this.#given.keys()) {
      if (!written.some((entry) => entry.id === id)) this.#given.delete(id);
    }
    if (!this.#line.ready) return;
    for (const { id, text } of written) {
      if (text === null || this.#given.has(id)) continue;
      const carried = this.#line.sendText(id, text);
      this.#given.set(id, carried);
      carried.catch(() => {
        // Told to the person by the desk's chat, which waits for the same answer.
      });
    }
  }

  async #renewTicket(): Promise<TimTicket> {
    const ticket = await this.#options.renewTicket();
    if (ticket.provider === 'tim') return ticket;
    throw new RtcDeskError('forbidden', 'this room is not on Tencent IM any more');
  }

  // ---- what is shown ---------------------------------------------------------------------------

  #follow(): void {
    this.#giveTexts();
    const { entries, unread } = this.#desk.getSnapshot();
    this.#early.remove(new Set(entries.map(({ id }) => id)));
    const news = unread ? entries.filter(({ mine }) => !mine).slice(-unread) : [];
    // They were read while the line alone had brought them.
    if (news.length && news.every(({ id }) => this.#early.wasSeen(id))) this.#desk.markRead();
    this.#publish();
  }

  #publish(): void {
    const desk = this.#desk.getSnapshot();
    const early = this.#early.messages.flatMap((message) => this.#entry(message));
    const unseen = early.filter(({ id }) => !this.#early.wasSeen(id)).length;
    const delivered = desk.entries.filter(({ status }) => status === 'sent' || status === 'seen');
    const carried = desk.state === 'offline' && this.#line.ready;
    this.#store.update({
      state: carried ? 'ready' : desk.state,
      entries: [...delivered, ...early, ...desk.entries.slice(delivered.length)],
      typing: desk.typing,
      unread: desk.unread + unseen,
      error: this.#line.error?.code ?? null,
    });
  }

  /** None while nobody here knows who it is from. */
  #entry({ id, from, sentAt, text, image }: ChannelMessage): readonly ChatEntry[] {
    const sender = this.#people.get(from);
    if (!sender) return [];
    const { name, role } = sender;
    return [
      { id, from, name, role, mine: false, sentAt, text, image, status: 'sent', error: null },
    ];
  }
}
