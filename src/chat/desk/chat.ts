import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatMessage, Participant, RoomView } from '../../protocol/views.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { Store } from '../../snapshot/store.ts';
import type { ChatEntry, ChatRoom, ChatRoomOptions, ChatSnapshot } from '../chat.ts';
import { checkImage, checkText } from './check-message.ts';
import { makeMessageId } from './message-id.ts';
import { MessageLog } from './message-log.ts';
import { Outbox, type OutgoingMessage } from './outbox.ts';
import { PictureUploads } from './picture-uploads.ts';
import { TypingMarks } from './typing-marks.ts';

const TYPING_INTERVAL = 3_000;
/** A snapshot may overtake the messages that it counts: only a gap that stays is worth a question. */
const GAP_PATIENCE = 250;
const HISTORY_RETRY = 2_000;

/** What this chat needs of a room; its ticket is the bearer of pictures, which the server's side shows. */
type DeskChatOptions = Pick<ChatRoomOptions<unknown>, 'self' | 'server' | 'unsent'>;

/** The built-in chat: the desk's own server keeps the messages, signaling carries them. */
export class DeskChat implements ChatRoom {
  readonly #options: DeskChatOptions;
  readonly #clock: Clock;
  readonly #store = new Store<ChatSnapshot>({
    state: 'connecting',
    entries: [],
    typing: [],
    unread: 0,
  });
  readonly #log = new MessageLog();
  readonly #outbox: Outbox;
  readonly #typing: TypingMarks;
  readonly #pictures = new Map<string, Promise<Blob>>();
  readonly #uploads: PictureUploads;
  #participants: readonly Participant[] = [];
  #online = false;
  #loaded = false;
  #loading = false;
  #expected = 0;
  #seenByOthers = 0;
  #readHere = 0;
  #readThere = 0;
  #tellingRead = false;
  #lastTypingNotice = -Infinity;
  #cancelGap: (() => void) | null = null;

  constructor(options: DeskChatOptions, clock: Clock = systemClock) {
    this.#options = options;
    this.#clock = clock;
    this.#typing = new TypingMarks(clock, () => this.#publish());
    this.#uploads = new PictureUploads((picture) => options.server.upload(picture), clock);
    this.#outbox = new Outbox(
      (message) => this.#deliver(message),
      (message) => this.handleMessages([message]),
      () => this.#publish(),
    );
    for (const message of options.unsent ?? []) this.#outbox.add(message);
  }

  getSnapshot(): Readonly<ChatSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  // ---- what the call hands in ------------------------------------------------------------------

  handleMessages(messages: readonly ChatMessage[]): void {
    this.#take(messages);
    this.#closeGapSoon();
  }

  #take(messages: readonly ChatMessage[]): void {
    const added = this.#log.add(messages);
    for (const message of added) {
      this.#typing.unmark(message.from);
      // Whoever answers has the conversation before their eyes.
      if (this.#isMine(message)) this.#readHere = Math.max(this.#readHere, message.sequence);
    }
    this.#publish();
  }

  handleTyping(from: string): void {
    if (from !== this.#options.self.id && !this.#closed) this.#typing.mark(from);
  }

  handleRoom(room: RoomView): void {
    this.#participants = room.participants;
    this.#expected = Math.max(this.#expected, room.chatSequence);
    for (const participant of room.participants) {
      if (this.#isSelf(participant.id, participant)) {
        this.#readHere = Math.max(this.#readHere, participant.readSequence);
      } else {
        this.#seenByOthers = Math.max(this.#seenByOthers, participant.readSequence);
      }
    }
    this.#publish();
    this.#closeGapSoon();
  }

  handleConnection(online: boolean): void {
    if (online === this.#online || this.#closed) return;
    this.#online = online;
    this.#uploads.handleConnection(online);
    this.#publish();
    if (!online) return;
    void this.#load();
    void this.#tellRead();
  }

  // ---- what the person does --------------------------------------------------------------------

  sendText(text: string): void {
    this.#refuseIfClosed();
    checkText(text);
    this.#outbox.add(this.#outgoing({ text }));
  }

  sendImage(image: Blob): void {
    this.#refuseIfClosed();
    checkImage(image);
    this.#outbox.add(this.#outgoing({ picture: image }));
  }

  retry(id: string): void {
    this.#outbox.retry(id);
  }

  notifyTyping(): void {
    const now = this.#clock.now();
    if (!this.#online || now - this.#lastTypingNotice < TYPING_INTERVAL) return;
    this.#lastTypingNotice = now;
    this.#options.server.typing();
  }

  markRead(): void {
    if (this.#closed) return;
    this.#readHere = Math.max(this.#readHere, this.#log.last);
    this.#publish();
    void this.#tellRead();
  }

  loadImage(id: string): Promise<Blob> {
    const known = this.#pictures.get(id);
    if (known) return known;
    const picture = this.#options.server.download(id);
    this.#pictures.set(id, picture);
    picture.catch(() => {
      // The caller is told by the same promise; the next one tries again.
      this.#pictures.delete(id);
    });
    return picture;
  }

  close(): readonly OutgoingMessage[] {
    if (this.#closed) return [];
    this.#online = false;
    this.#cancelGap?.();
    this.#cancelGap = null;
    this.#typing.clear();
    this.#uploads.close();
    const unsent = this.#outbox.close();
    this.#store.update({ state: 'closed' });
    this.#publish();
    return unsent;
  }

  // ---- sending ---------------------------------------------------------------------------------

  #outgoing(content: { text?: string; picture?: Blob }): OutgoingMessage {
    return {
      id: makeMessageId(),
      sentAt: this.#clock.now(),
      text: content.text ?? null,
      picture: content.picture ?? null,
      error: null,
    };
  }

  async #deliver({ id, text, picture }: OutgoingMessage): Promise<ChatMessage> {
    const { server } = this.#options;
    if (text !== null) return server.send({ messageId: id, text });
    const image = await this.#uploads.upload(id, picture!);
    this.#pictures.set(image.id, Promise.resolve(picture!));
    const message = await server.send({ messageId: id, imageId: image.id });
    this.#uploads.forget(id);
    return message;
  }

  // ---- catching up -----------------------------------------------------------------------------

  #closeGapSoon(): void {
    const behind = this.#log.hasGap || this.#log.last < this.#expected;
    if (!behind || !this.#online || this.#cancelGap) return;
    this.#cancelGap = this.#clock.after(this.#loaded ? GAP_PATIENCE : 0, () => {
      this.#cancelGap = null;
      if (this.#log.hasGap || this.#log.last < this.#expected) void this.#load();
    });
  }

  /** Asks for what is missing until nothing more comes. */
  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const first = this.#log.last;
      for (;;) {
        const before = this.#log.last;
        const messages = await this.#options.server.history(before);
        if (this.#closed) return;
        this.#take(messages);
        if (this.#log.last === before) break;
      }
      // Where the server has no more than we know, what was promised is waited for, not asked again.
      if (this.#log.last > first) this.#closeGapSoon();
      this.#loaded = true;
      this.#publish();
    } catch {
      // Nothing is lost: the messages stay on the server, and are asked for again.
      this.#cancelGap ??= this.#closed
        ? null
        : this.#clock.after(HISTORY_RETRY, () => {
            this.#cancelGap = null;
            if (this.#online) void this.#load();
          });
    } finally {
      this.#loading = false;
    }
  }

  // ---- read marks ------------------------------------------------------------------------------

  async #tellRead(): Promise<void> {
    if (this.#tellingRead) return;
    this.#tellingRead = true;
    try {
      while (this.#online && this.#readThere < this.#readHere) {
        const sequence = this.#readHere;
        await this.#options.server.read(sequence);
        this.#readThere = sequence;
      }
    } catch {
      // The next mark, or the next reconnect, says it again.
    } finally {
      this.#tellingRead = false;
    }
  }

  // ---- what is shown ---------------------------------------------------------------------------

  get #closed(): boolean {
    return this.getSnapshot().state === 'closed';
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new RtcDeskError('conflict');
  }

  /** Also of an earlier join: a call has one visitor and one agent, and a reload makes a new participant. */
  #isSelf(id: string, { name, role }: { name: string; role: string }): boolean {
    const { self } = this.#options;
    return id === self.id || (role !== 'guest' && role === self.role && name === self.name);
  }

  #isMine(message: ChatMessage): boolean {
    return this.#isSelf(message.from, message);
  }

  #publish(): void {
    const delivered = this.#log.messages.map((message): ChatEntry => {
      const mine = this.#isMine(message);
      const seen = mine && message.sequence <= this.#seenByOthers;
      const { id, from, name, role, sentAt, text, image } = message;
      const status = seen ? 'seen' : 'sent';
      return { id, from, name, role, mine, sentAt, text, image, status, error: null };
    });
    // A message whose acknowledgement is still under way may have come back already.
    const outgoing = this.#outbox.messages.filter(({ id }) => !this.#log.has(id));
    const unread = this.#log.messages.filter(
      (message) => message.sequence > this.#readHere && !this.#isMine(message),
    ).length;
    const state = this.#online ? (this.#loaded ? 'ready' : 'connecting') : 'offline';
    this.#store.update({
      state: this.#closed ? 'closed' : this.#loaded || this.#online ? state : 'connecting',
      entries: [...delivered, ...outgoing.map((message) => this.#entry(message))],
      typing: this.#typing.participants.flatMap(
        (id) => this.#participants.find((participant) => participant.id === id)?.name ?? [],
      ),
      unread,
    });
  }

  #entry({ id, sentAt, text, picture, error }: OutgoingMessage): ChatEntry {
    const { self } = this.#options;
    const image = picture && { id, width: 0, height: 0, local: picture };
    const status = error ? 'failed' : 'pending';
    return {
      ...{ id, from: self.id, name: self.name, role: self.role, mine: true },
      ...{ sentAt, text, image, status, error },
    };
  }
}
