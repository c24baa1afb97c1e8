import type { Logger } from 'pino';
import type { Topic, Wake } from './database.ts';
import { encodeTopics, readNotice } from './notices.ts';
import { checkNodeMessage, type Parcel } from './node-messages.ts';

export interface ChannelHandlers {
  /** What another node, or this one, has published. */
  readonly notice: (payload: string) => void;
  /** Something lies there for this node. */
  readonly parcels: () => void;
  /** Something may have been missed: the listening connection was away, or another node had not known of this one. */
  readonly missed: () => void;
}

/** The way to the other nodes; there is none where the database is embedded. */
export interface NoticeChannel {
  /** Puts the parcels down and sends the notices, in one transaction of their own. */
  publish(notices: readonly string[], parcels: readonly Parcel[]): Promise<void>;
  /** Takes out what lies there for this node, in order. */
  collect(): Promise<readonly string[]>;
  /** There is no other node that would have to be told. */
  readonly alone: boolean;
  /** Nothing is heard (any more), whatever the others send: then asking has to do. */
  readonly deaf: boolean;
  open(handlers: ChannelHandlers): Promise<void>;
  close(): Promise<void>;
}

/** Notices to other nodes that come together within this time go out as one; in ms (FACTS: 7,801/s against 86/s). */
const COALESCE = 5;
const RETRY_FIRST = 100;
const RETRY_LAST = 5_000;
/** Whether there is a parcel is asked this often, told or not; in ms. */
const POLL = 1_000;
/** Unsent parcels kept while the database is away, in characters; older ones are dropped. */
const UNSENT = 4 * 1024 * 1024;

/**
 * A node's own notices reach it without the database; the others' come through the channel. Topics
 * whose NOTIFY failed are not forgotten: when it works again, the others are told 'everything'. A node
 * that hears nothing is told 'everything' once a second.
 */
export class NoticeWake implements Wake {
  readonly #listeners = new Set<(topics: ReadonlySet<Topic> | 'everything') => void>();
  readonly #receivers = new Set<(payload: string) => void>();
  /** Not told on this node yet. */
  #topics = new Set<Topic>();
  /** Not told to the other nodes yet. */
  #outTopics: Set<Topic> | 'everything' = new Set();
  #outParcels: Parcel[] = [];
  #outSize = 0;
  #tellTimer: NodeJS.Immediate | null = null;
  #flushTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #publishing: Promise<void> | null = null;
  #poll: NodeJS.Timeout | null = null;
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
      notice: (payload) => this.#handleNotice(payload),
      parcels: () => this.#collect(channel),
      missed: () => this.#tell('everything'),
    });
    this.#poll = setInterval(() => this.#ask(channel), POLL);
    this.#poll.unref();
  }

  notify(...topics: readonly Topic[]): void {
    if (this.#closed) return;
    const told = this.channel !== null && !this.channel.alone;
    for (const topic of topics) {
      this.#topics.add(topic);
      if (told && this.#outTopics !== 'everything') this.#outTopics.add(topic);
    }
    // Here it costs no NOTIFY: told as soon as this turn's other work is done, with what it still changes.
    this.#tellTimer ??= setImmediate(() => this.#tellHere());
    if (told) this.#flushTimer ??= setTimeout(() => this.#flush(), COALESCE);
  }

  listen(listener: (topics: ReadonlySet<Topic> | 'everything') => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(node: string, payload: string): void {
    checkNodeMessage(payload);
    if (this.#closed) return;
    if (node === this.nodeId) {
      queueMicrotask(() => this.#hand(payload));
      return;
    }
    if (!this.channel) return;
    this.#outParcels.push({ node, payload });
    this.#outSize += payload.length;
    while (this.#outSize > UNSENT) this.#outSize -= this.#outParcels.shift()?.payload.length ?? 0;
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
    if (this.#tellTimer) {
      clearImmediate(this.#tellTimer);
      this.#tellHere();
    }
    this.#closed = true;
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    if (this.#poll) clearInterval(this.#poll);
    await Promise.all([this.#publishing, this.#collecting]);
    await this.channel?.close();
    this.#listeners.clear();
    this.#receivers.clear();
  }

  #flush(): void {
    if (this.#flushTimer) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    this.#pump();
  }

  #tellHere(): void {
    this.#tellTimer = null;
    const topics = this.#topics;
    this.#topics = new Set();
    this.#tell(topics);
  }

  /** One publishing at a time; what comes meanwhile goes out with the next. */
  #pump(): void {
    if (!this.channel || this.#publishing || this.#retryTimer || this.#closed) return;
    const notices = encodeTopics(this.nodeId, this.#outTopics);
    const parcels = this.#outParcels;
    if (notices.length === 0 && parcels.length === 0) return;
    this.#outTopics = new Set();
    this.#outParcels = [];
    this.#outSize = 0;
    this.#publishing = this.#publish(this.channel, notices, parcels);
  }

  async #publish(
    channel: NoticeChannel,
    notices: readonly string[],
    parcels: readonly Parcel[],
  ): Promise<void> {
    try {
      await channel.publish(notices, parcels);
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
    // What came meanwhile waits for its few milliseconds like any other, unless they are over: sent at once, each
    // publishing was followed by another for a topic or two, 340 a second at 150 calls a second, where 150 do.
    if (!this.#flushTimer) this.#pump();
  }

  #handleNotice(payload: string): void {
    const notice = readNotice(payload);
    if (notice && notice.from !== this.nodeId) this.#tell(notice.topics);
  }

  #ask(channel: NoticeChannel): void {
    this.#collect(channel);
    if (channel.deaf) this.#tell('everything');
    if (channel.deaf === this.#deaf) return;
    this.#deaf = channel.deaf;
    if (this.#deaf) this.logger.warn('no notice is heard: the tables are asked once a second');
    else this.logger.info('notices are heard');
  }

  /** One at a time; what was told of meanwhile is fetched right after. */
  #collect(channel: NoticeChannel): void {
    if (this.#collecting) this.#collectAgain = true;
    else if (!this.#closed) this.#collecting = this.#collectAll(channel);
  }

  async #collectAll(channel: NoticeChannel): Promise<void> {
    try {
      do {
        this.#collectAgain = false;
        for (const payload of await channel.collect()) this.#hand(payload);
      } while (this.#collectAgain && !this.#closed);
    } catch (error) {
      // They lie there still: the next poll fetches them.
      this.logger.warn({ err: error }, 'parcels could not be fetched');
    }
    this.#collecting = null;
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
