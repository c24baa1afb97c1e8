import type { Logger } from 'pino';
import type { Topic, Wake } from './database.ts';
import { checkNodeMessage, type NodeMessage } from './node-messages.ts';
import { encodeTopics } from './notices.ts';

export interface ChannelHandlers {
  /** Another node has told of these. */
  readonly topics: (topics: ReadonlySet<Topic> | 'everything') => void;
  /** Messages lie in the table for this node. */
  readonly messages: () => void;
  /** The listening connection was away, so notices may have been missed. */
  readonly missed: () => void;
}

/** The way to the other nodes. An embedded database has one node and no channel. */
export interface NoticeChannel {
  /** Stores the messages and sends the notices, in a transaction of its own. */
  publish(notices: readonly string[], messages: readonly NodeMessage[]): Promise<void>;
  /** Takes the messages for this node out of the table, in order. */
  collect(): Promise<readonly string[]>;
  /** No notice arrives, whatever the others send. Then this node has to poll. */
  readonly deaf: boolean;
  open(handlers: ChannelHandlers): Promise<void>;
  close(): Promise<void>;
}

/** Coalescing delay: notices to other nodes within this time go out in one NOTIFY (measured: 7,801/s against 86/s). */
const COALESCE_MS = 5;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** The table of messages is read this often, notice or not. */
const POLL_MS = 1_000;
/** Characters of unsent messages that are kept while the database is away. Older ones are dropped. */
const MAX_UNSENT_CHARACTERS = 4 * 1024 * 1024;

/**
 * Tells the nodes what changed. A node's own notices reach it without the database; notices of other nodes come
 * through the channel. After a NOTIFY that failed, the others are told 'everything' as soon as one works again. A
 * node that hears nothing is told 'everything' once a second.
 */
export class NoticeWake implements Wake {
  readonly #listeners = new Set<(topics: ReadonlySet<Topic> | 'everything') => void>();
  readonly #receivers = new Set<(payload: string) => void>();
  /** Not told on this node yet. */
  #topics = new Set<Topic>();
  /** Not told to the other nodes yet. */
  #unsentTopics: Set<Topic> | 'everything' = new Set();
  #unsentMessages: NodeMessage[] = [];
  #unsentCharacters = 0;
  #tellTimer: NodeJS.Immediate | null = null;
  #publishTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #publishing: Promise<void> | null = null;
  #pollTimer: NodeJS.Timeout | null = null;
  #collecting: Promise<void> | null = null;
  #collectAgain = false;
  #deaf = false;
  #closed = false;

  constructor(
    private readonly nodeId: string,
    private readonly channel: NoticeChannel | null,
    private readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  ) {}

  async open(): Promise<void> {
    const { channel } = this;
    if (!channel) return;
    await channel.open({
      topics: (topics) => this.#tell(topics),
      messages: () => this.#collect(channel),
      missed: () => this.#tell('everything'),
    });
    this.#pollTimer = setInterval(() => this.#poll(channel), POLL_MS);
    this.#pollTimer.unref();
  }

  notify(...topics: readonly Topic[]): void {
    if (this.#closed) return;
    for (const topic of topics) {
      this.#topics.add(topic);
      if (this.channel && this.#unsentTopics !== 'everything') this.#unsentTopics.add(topic);
    }
    // On this node it costs no NOTIFY: it is told at the end of this turn, together with what the turn still changes.
    this.#tellTimer ??= setImmediate(() => this.#tellHere());
    this.#publishSoon();
  }

  listen(listener: (topics: ReadonlySet<Topic> | 'everything') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(node: string, payload: string): void {
    checkNodeMessage(payload);
    if (this.#closed) return;
    if (node === this.nodeId) {
      queueMicrotask(() => this.#receive(payload));
      return;
    }
    if (!this.channel) return;
    this.#unsentMessages.push({ node, payload });
    this.#unsentCharacters += payload.length;
    while (this.#unsentCharacters > MAX_UNSENT_CHARACTERS) {
      this.#unsentCharacters -= this.#unsentMessages.shift()?.payload.length ?? 0;
    }
    this.#publishSoon();
  }

  receive(listener: (payload: string) => void): () => void {
    this.#receivers.add(listener);
    return () => this.#receivers.delete(listener);
  }

  /** Sends what is still unsent, then closes the listening connection. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#publishing;
    if (this.#publishTimer) this.#publishNow();
    if (this.#tellTimer) {
      clearImmediate(this.#tellTimer);
      this.#tellHere();
    }
    this.#closed = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    if (this.#pollTimer) clearInterval(this.#pollTimer);
    await Promise.all([this.#publishing, this.#collecting]);
    await this.channel?.close();
    this.#listeners.clear();
    this.#receivers.clear();
  }

  #publishSoon(): void {
    if (!this.channel) return;
    this.#publishTimer ??= setTimeout(() => this.#publishNow(), COALESCE_MS);
  }

  #publishNow(): void {
    if (this.#publishTimer) clearTimeout(this.#publishTimer);
    this.#publishTimer = null;
    this.#publishUnsent();
  }

  #tellHere(): void {
    this.#tellTimer = null;
    const topics = this.#topics;
    this.#topics = new Set();
    this.#tell(topics);
  }

  /** One publish runs at a time. What comes meanwhile goes out with the next one. */
  #publishUnsent(): void {
    if (!this.channel || this.#publishing || this.#retryTimer || this.#closed) return;
    const notices = encodeTopics(this.nodeId, this.#unsentTopics);
    const messages = this.#unsentMessages;
    if (notices.length === 0 && messages.length === 0) return;
    this.#unsentTopics = new Set();
    this.#unsentMessages = [];
    this.#unsentCharacters = 0;
    this.#publishing = this.#publish(this.channel, notices, messages);
  }

  async #publish(
    channel: NoticeChannel,
    notices: readonly string[],
    messages: readonly NodeMessage[],
  ): Promise<void> {
    try {
      await channel.publish(notices, messages);
      this.#retryMs = FIRST_RETRY_MS;
    } catch (error) {
      this.logger.warn({ err: error, retryIn: this.#retryMs }, 'other nodes could not be notified');
      this.#unsentTopics = 'everything';
      if (!this.#closed) {
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = null;
          this.#publishUnsent();
        }, this.#retryMs);
      }
      this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    }
    this.#publishing = null;
    // What came meanwhile waits for the rest of its own coalescing delay. Without that, each publish was followed by
    // another one for a topic or two: 340 a second at 150 calls a second instead of 150.
    if (!this.#publishTimer) this.#publishUnsent();
  }

  #poll(channel: NoticeChannel): void {
    this.#collect(channel);
    if (channel.deaf) this.#tell('everything');
    if (channel.deaf === this.#deaf) return;
    this.#deaf = channel.deaf;
    if (this.#deaf) this.logger.warn('no notice is heard: the tables are read once a second');
    else this.logger.info('notices are heard');
  }

  /** One collect runs at a time. A notice meanwhile makes it run once more. */
  #collect(channel: NoticeChannel): void {
    if (this.#collecting) this.#collectAgain = true;
    else if (!this.#closed) this.#collecting = this.#collectAll(channel);
  }

  async #collectAll(channel: NoticeChannel): Promise<void> {
    try {
      do {
        this.#collectAgain = false;
        for (const payload of await channel.collect()) this.#receive(payload);
      } while (this.#collectAgain && !this.#closed);
    } catch (error) {
      // They are still in the table: the next poll reads them.
      this.logger.warn({ err: error }, 'messages of other nodes could not be read');
    }
    this.#collecting = null;
  }

  #tell(topics: ReadonlySet<Topic> | 'everything'): void {
    for (const listener of this.#listeners) this.#call(() => listener(topics));
  }

  #receive(payload: string): void {
    for (const receiver of this.#receivers) this.#call(() => receiver(payload));
  }

  /** A listener that throws does not keep the others from being called. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      this.logger.error({ err: error }, 'a listener of notices failed');
    }
  }
}
