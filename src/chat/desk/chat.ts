import type { Platform, Picture } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage, ChatMessage, Participant, ReadMark } from '../../protocol/views.ts';
import { Store } from '../../snapshot/store.ts';
import type {
  ChatEntry,
  ChatRoom,
  ChatRoomOptions,
  ChatSnapshot,
  EnteredRoom,
  OutgoingMessage,
} from '../chat.ts';
import { checkImage, checkText } from './check-message.ts';
import { MessageLog } from './message-log.ts';
import { UnsentMessages } from './unsent-messages.ts';
import { TypingMarks } from './typing-marks.ts';

const TYPING_INTERVAL_MS = 3_000;
/** The answer to a sent message may overtake deliveries. Only a gap that stays is worth a question. */
const GAP_DELAY_MS = 250;
const HISTORY_RETRY_MS = 2_000;

type DeskChatOptions = Pick<ChatRoomOptions<unknown>, 'self' | 'server' | 'unsent'>;

/** The built-in chat: the desk's server stores the messages, signaling carries them. */
export class DeskChat implements ChatRoom {
  readonly #platform: Pick<Platform, 'clock' | 'randomBytes'>;
  readonly #options: DeskChatOptions;
  readonly #store = new Store<ChatSnapshot>({
    state: 'connecting',
    entries: [],
    typing: [],
    unread: 0,
  });
  readonly #log = new MessageLog();
  readonly #unsent: UnsentMessages;
  readonly #typing: TypingMarks;
  readonly #pictures = new Map<string, Promise<Picture>>();
  /** Our pictures on the server whose message is not delivered yet, by message id. */
  readonly #uploads = new Map<string, ChatImage>();
  /** Our participants in this room, those of earlier pages among them. */
  readonly #own: Set<string>;
  #participants: readonly Participant[] = [];
  #online = false;
  #loaded = false;
  #loading = false;
  /** The sequence that the room had reached when we entered it. */
  #lastSequence = 0;
  #seenByOthers = 0;
  /** What this person has read, and what the server knows of it. */
  #read = 0;
  #readReported = 0;
  #reportingRead = false;
  #lastTypingNotice = -Infinity;
  #cancelLoad: (() => void) | null = null;

  constructor(platform: Pick<Platform, 'clock' | 'randomBytes'>, options: DeskChatOptions) {
    const { clock } = platform;
    this.#platform = platform;
    this.#options = options;
    this.#own = new Set([options.self.id]);
    this.#typing = new TypingMarks(clock, () => this.#publish());
    this.#unsent = new UnsentMessages(
      (message) => this.#deliver(message),
      (message) => this.handleMessages([message]),
      () => this.#publish(),
    );
    for (const message of options.unsent ?? []) this.#unsent.add(message);
  }

  getSnapshot(): Readonly<ChatSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  // ---- what the call passes on -----------------------------------------------------------------

  handleMessages(messages: readonly ChatMessage[]): void {
    this.#add(messages);
    this.#loadSoon(GAP_DELAY_MS);
  }

  handleReadMarks(marks: readonly ReadMark[]): void {
    for (const { participant, sequence } of marks) {
      if (this.#own.has(participant)) this.#read = Math.max(this.#read, sequence);
      else this.#seenByOthers = Math.max(this.#seenByOthers, sequence);
    }
    this.#publish();
  }

  handleTyping(from: string): void {
    if (!this.#own.has(from) && !this.#closed) this.#typing.mark(from);
  }

  handleParticipants(participants: readonly Participant[]): void {
    this.#participants = participants;
    this.#publish();
  }

  handleEntered({ lastSequence, readMarks, ownParticipants }: EnteredRoom): void {
    if (this.#closed) return;
    this.#online = true;
    for (const id of ownParticipants) this.#own.add(id);
    this.#lastSequence = Math.max(this.#lastSequence, lastSequence);
    this.handleReadMarks(readMarks);
    if (this.#isBehind) void this.#load();
    else this.#finishLoading();
    void this.#reportRead();
  }

  handleInterrupted(): void {
    if (this.#closed) return;
    this.#online = false;
    this.#publish();
  }

  // ---- what the person does --------------------------------------------------------------------

  sendText(text: string): void {
    this.#requireOpen();
    checkText(text);
    this.#send({ text, picture: null });
  }

  sendImage(picture: Picture): void {
    this.#requireOpen();
    checkImage(picture);
    this.#send({ text: null, picture });
  }

  retry(id: string): void {
    this.#unsent.retry(id);
  }

  notifyTyping(): void {
    const now = this.#platform.clock.now();
    if (!this.#online || now - this.#lastTypingNotice < TYPING_INTERVAL_MS) return;
    this.#lastTypingNotice = now;
    this.#options.server.typing();
  }

  markRead(): void {
    if (this.#closed) return;
    this.#read = Math.max(this.#read, this.#log.last);
    this.#publish();
    void this.#reportRead();
  }

  loadImage(id: string): Promise<Picture> {
    const known = this.#pictures.get(id);
    if (known) return known;
    const picture = this.#options.server.download(id);
    this.#pictures.set(id, picture);
    picture.catch(() => {
      // The caller gets the error from the same promise. The next call tries again.
      this.#pictures.delete(id);
    });
    return picture;
  }

  close(): readonly OutgoingMessage[] {
    if (this.#closed) return [];
    this.#online = false;
    this.#cancelLoad?.();
    this.#typing.clear();
    const unsent = this.#unsent.close();
    this.#store.update({ state: 'closed' });
    this.#publish();
    return unsent;
  }

  // ---- sending ---------------------------------------------------------------------------------

  #send(content: Pick<OutgoingMessage, 'text' | 'picture'>): void {
    const id = uuid(this.#platform.randomBytes(16));
    this.#unsent.add({ id, sentAt: this.#platform.clock.now(), error: null, ...content });
  }

  async #deliver({ id, text, picture }: OutgoingMessage): Promise<ChatMessage> {
    const { server } = this.#options;
    if (text !== null) return server.send({ messageId: id, text });
    const image = this.#uploads.get(id) ?? (await server.upload(picture!));
    this.#uploads.set(id, image);
    this.#pictures.set(image.id, Promise.resolve(picture!));
    const message = await server.send({ messageId: id, imageId: image.id });
    this.#uploads.delete(id);
    return message;
  }

  // ---- catching up -----------------------------------------------------------------------------

  #add(messages: readonly ChatMessage[]): void {
    for (const message of this.#log.add(messages)) {
      this.#typing.unmark(message.from);
      // A person who answers has read what came before.
      if (this.#own.has(message.from)) this.#read = Math.max(this.#read, message.sequence);
    }
    this.#publish();
  }

  get #isBehind(): boolean {
    return this.#log.hasGap || this.#log.last < this.#lastSequence;
  }

  #loadSoon(ms: number): void {
    if (!this.#isBehind || this.#closed || this.#cancelLoad) return;
    this.#cancelLoad = this.#platform.clock.after(ms, () => {
      this.#cancelLoad = null;
      if (this.#isBehind && this.#online) void this.#load();
    });
  }

  /** Asks for missing messages until none is missing, or the server has no more. */
  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      for (let before = -1; this.#isBehind && this.#log.last > before;) {
        before = this.#log.last;
        this.#add(await this.#options.server.history(before));
        if (this.#closed) return;
      }
      this.#finishLoading();
    } catch {
      // Nothing is lost: the messages stay on the server.
      this.#loadSoon(HISTORY_RETRY_MS);
    } finally {
      this.#loading = false;
    }
  }

  #finishLoading(): void {
    this.#loaded = true;
    this.#publish();
  }

  // ---- read marks ------------------------------------------------------------------------------

  async #reportRead(): Promise<void> {
    if (this.#reportingRead) return;
    this.#reportingRead = true;
    try {
      while (this.#online && this.#readReported < this.#read) {
        const sequence = this.#read;
        await this.#options.server.read(sequence);
        this.#readReported = sequence;
      }
    } catch {
      // The next mark or the next reconnect reports it again.
    } finally {
      this.#reportingRead = false;
    }
  }

  // ---- what is shown ---------------------------------------------------------------------------

  get #closed(): boolean {
    return this.getSnapshot().state === 'closed';
  }

  #requireOpen(): void {
    if (this.#closed) throw new RtcDeskError('conflict');
  }

  #publish(): void {
    const delivered = this.#log.messages.map((message): ChatEntry => {
      const { id, from, name, role, sentAt, text, image } = message;
      const mine = this.#own.has(from);
      const status = mine && message.sequence <= this.#seenByOthers ? 'seen' : 'sent';
      return { id, from, name, role, mine, sentAt, text, image, status, error: null };
    });
    // A delivery may bring our message before the acknowledgement does.
    const outgoing = this.#unsent.messages.filter(({ id }) => !this.#log.has(id));
    const state = this.#online ? (this.#loaded ? 'ready' : 'connecting') : 'offline';
    this.#store.update({
      state: this.#closed ? 'closed' : this.#loaded || this.#online ? state : 'connecting',
      entries: [...delivered, ...outgoing.map((message) => this.#entry(message))],
      typing: this.#typing.participants.flatMap(
        (id) => this.#participants.find((participant) => participant.id === id)?.name ?? [],
      ),
      unread: delivered.slice(this.#read).filter(({ mine }) => !mine).length,
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

/** A version 4 UUID. */
function uuid(bytes: Uint8Array): string {
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
