import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Topic, Wake } from './database.ts';
import { encodeMessage, encodeTopics, NoticeReader } from './notices.ts';

/** The way to the other nodes; there is none where the database is embedded. */
export interface NoticeChannel {
  /** One NOTIFY for each payload, all in one transaction of their own. */
  publish(payloads: readonly string[]): Promise<void>;
  /** `lost` is called after the listening connection was away and listens again. */
  open(handlers: { payload: (payload: string) => void; lost: () => void }): Promise<void>;
  close(): Promise<void>;
}

/** Notices that come together within this time go out as one; in ms (FACTS: 7,801/s against 86/s). */
const COALESCE = 5;
const RETRY_FIRST = 100;
const RETRY_LAST = 5_000;
/** Unsent messages kept while the database is away, in characters; older ones are dropped. */
const UNSENT = 4 * 1024 * 1024;

/**
 * A node's own notices reach it without the database; the others' come through the channel. Topics
 * whose NOTIFY failed are not forgotten: when it works again, the others are told 'everything'.
 */
export class NoticeWake implements Wake {
  readonly #listeners = new Set<(topics: ReadonlySet<Topic> | 'everything') => void>();
  readonly #receivers = new Set<(payload: string) => void>();
  readonly #reader = new NoticeReader();
  /** Not told on this node yet. */
  #topics = new Set<Topic>();
  /** Not told to the other nodes yet. */
  #outTopics: Set<Topic> | 'everything' = new Set();
  #outMessages: string[] = [];
  #outSize = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #publishing: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly nodeId: string,
    private readonly channel: NoticeChannel | null,
    private readonly logger: Pick<Logger, 'warn' | 'error'>,
  ) {}

  async open(): Promise<void> {
    await this.channel?.open({
      payload: (payload) => this.#handlePayload(payload),
      lost: () => {
        this.#reader.reset();
        this.#tell('everything');
      },
    });
  }

  notify(...topics: readonly Topic[]): void {
    if (this.#closed) return;
    for (const topic of topics) this.#topics.add(topic);
    this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE);
  }

  listen(listener: (topics: ReadonlySet<Topic> | 'everything') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(node: string, payload: string): void {
    if (this.#closed) return;
    if (node === this.nodeId) {
      queueMicrotask(() => this.#hand(payload));
      return;
    }
    if (!this.channel) return;
    for (const part of encodeMessage(this.nodeId, node, randomUUID(), payload)) {
      this.#outMessages.push(part);
      this.#outSize += part.length;
    }
    // A message that lost its first part is dropped whole by the reader.
    while (this.#outSize > UNSENT) this.#outSize -= this.#outMessages.shift()?.length ?? 0;
    this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE);
  }

  receive(listener: (payload: string) => void): () => void {
    this.#receivers.add(listener);
    return () => this.#receivers.delete(listener);
  }

  /** Sends what is still here, then lets go of the listening connection. */
  async close(): Promise<void> {
    if (this.#closed) return;
    await this.#publishing;
    this.#flush();
    this.#closed = true;
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    await this.#publishing;
    await this.channel?.close();
    this.#listeners.clear();
    this.#receivers.clear();
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    const topics = this.#topics;
    this.#topics = new Set();
    if (this.channel && this.#outTopics !== 'everything') {
      for (const topic of topics) this.#outTopics.add(topic);
    }
    this.#pump();
    if (topics.size > 0) this.#tell(topics);
  }

  /** One NOTIFY at a time; what comes meanwhile goes out with the next. */
  #pump(): void {
    if (!this.channel || this.#publishing || this.#retryTimer || this.#closed) return;
    const payloads = [...encodeTopics(this.nodeId, this.#outTopics), ...this.#outMessages];
    this.#outTopics = new Set();
    this.#outMessages = [];
    this.#outSize = 0;
    if (payloads.length > 0) this.#publishing = this.#publish(this.channel, payloads);
  }

  async #publish(channel: NoticeChannel, payloads: readonly string[]): Promise<void> {
    try {
      await channel.publish(payloads);
      this.#retryIn = RETRY_FIRST;
    } catch (error) {
      this.logger.warn({ err: error, retryIn: this.#retryIn }, 'other nodes could not be woken');
      this.#outTopics = 'everything';
      if (!this.#closed) {
        this.#retryTimer = setTimeout(() => {
          this.#retryTimer = null;
          this.#pump();
        }, this.#retryIn);
      }
      this.#retryIn = Math.min(this.#retryIn * 2, RETRY_LAST);
    }
    this.#publishing = null;
    this.#pump();
  }

  #handlePayload(payload: string): void {
    const notice = this.#reader.read(payload);
    if (!notice || notice.from === this.nodeId) return;
    if (notice.kind === 'message') {
      if (notice.to === this.nodeId) this.#hand(notice.payload);
    } else {
      this.#tell(notice.topics === 'everything' ? 'everything' : new Set(notice.topics));
    }
  }

  #tell(topics: ReadonlySet<Topic> | 'everything'): void {
    for (const listener of this.#listeners) this.#guard(() => listener(topics));
  }

  #hand(payload: string): void {
    for (const receiver of this.#receivers) this.#guard(() => receiver(payload));
  }

  /** One listener that fails keeps no other from hearing. */
  #guard(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.logger.error({ err: error }, 'a listener of notices failed');
    }
  }
}
