import pg from 'pg';
import type { Logger } from 'pino';
import type { NodeMessage } from './node-messages.ts';
import { encodeHeartbeat, encodeMessagesNotice, readNotice } from './notices.ts';
import type { ChannelHandlers, NoticeChannel } from './wake.ts';
import { TimeoutError, withTimeout } from './with-timeout.ts';

const CHANNEL = 'rtc_desk';
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
const HEARTBEAT_MS = 2_000;
/** A node that has not heard its own heartbeat for this long hears nothing. */
const DEAF_AFTER_MS = 3_000;
/** A listening connection that does not answer for this long is replaced. */
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * The messages are inserted before the NOTIFY, so that the node that is told of them finds them. The transaction does
 * not wait for the disk, because nothing in it has to outlive a crash.
 */
const PUBLISH = `
  with sent as (
    insert into node_messages (node_id, payload)
    select m.node, m.payload from unnest($2::text[], $3::text[]) with ordinality as m (node, payload, i)
     order by m.i)
  select pg_notify('${CHANNEL}', n.payload), set_config('synchronous_commit', 'off', true)
    from unnest($1::text[]) with ordinality as n (payload, i) order by n.i`;

/** In the order in which each sender inserted them. */
const COLLECT = `
  with collected as (delete from node_messages where node_id = $1 returning id, payload)
  select payload from collected order by id`;

/**
 * Notices by LISTEN on one connection of its own, and NOTIFY through the pool. All nodes use one channel; notices.ts
 * says what goes over it. A connection that was cut without a word says nothing, and a pooler in between may swallow
 * every notice, so a heartbeat of its own tells each node whether it still hears.
 */
export class PostgresChannel implements NoticeChannel {
  #client: pg.Client | null = null;
  #handlers: ChannelHandlers | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryMs = FIRST_RETRY_MS;
  #heartbeatTimer: NodeJS.Timeout | null = null;
  #connecting: Promise<void> | null = null;
  /** By performance.now(). */
  #heardAt = -Infinity;
  #closed = false;

  /** `onSilence`: the connection was cut without a word, so the pool's connections of that time probably were too. */
  constructor(
    private readonly node: string,
    private readonly config: pg.ClientConfig,
    private readonly pool: pg.Pool,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly onSilence: () => void,
  ) {}

  get deaf(): boolean {
    return performance.now() - this.#heardAt > DEAF_AFTER_MS;
  }

  async publish(notices: readonly string[], messages: readonly NodeMessage[]): Promise<void> {
    const receivers = new Set(messages.map(({ node }) => node));
    await this.pool.query({
      name: 'publish',
      text: PUBLISH,
      values: [
        [...notices, ...[...receivers].map((to) => encodeMessagesNotice(this.node, to))],
        messages.map(({ node }) => node),
        messages.map(({ payload }) => payload),
      ],
    });
  }

  async collect(): Promise<readonly string[]> {
    const { rows } = await this.pool.query<{ payload: string }>({
      name: 'collect',
      text: COLLECT,
      values: [this.node],
    });
    return rows.map(({ payload }) => payload);
  }

  async open(handlers: ChannelHandlers): Promise<void> {
    this.#handlers = handlers;
    await this.#connect();
    this.#heartbeatTimer = setInterval(() => void this.#sendHeartbeat(), HEARTBEAT_MS);
    this.#heartbeatTimer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    if (this.#heartbeatTimer) clearInterval(this.#heartbeatTimer);
    await this.#connecting;
    const client = this.#client;
    this.#client = null;
    // A connection that was cut without a word never answers.
    if (client) await withTimeout(ANSWER_TIMEOUT_MS, client.end()).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    client.on('notification', ({ payload }) => this.#handleNotice(payload ?? ''));
    client.on('error', (error) => this.#handleLoss(client, error));
    client.on('end', () => this.#handleLoss(client, null));
    try {
      await client.connect();
      await withTimeout(ANSWER_TIMEOUT_MS, client.query(`listen ${CHANNEL}`));
    } catch (error) {
      // The half-open connection is closed; how it ends does not matter.
      client.removeAllListeners('end');
      client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    this.#retryMs = FIRST_RETRY_MS;
    void this.#sendHeartbeat();
  }

  #handleNotice(payload: string): void {
    const notice = readNotice(payload);
    if (notice?.from === this.node) this.#heardAt = performance.now();
    else if (notice?.type === 'topics') this.#handlers?.topics(notice.topics);
    else if (notice?.type === 'messages' && notice.to === this.node) this.#handlers?.messages();
  }

  #handleLoss(client: pg.Client, error: Error | null): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#closed) return;
    this.logger.warn({ err: error }, 'the listening connection was lost');
    // It may be half open; how it ends does not matter.
    client.end().catch(() => undefined);
    this.#reconnectLater();
  }

  #reconnectLater(): void {
    // With jitter, so that many nodes do not reconnect to a restarted database at the same moment.
    const delay = this.#retryMs * (0.5 + Math.random());
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      this.#connecting = this.#reconnect();
    }, delay);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      this.logger.warn({ err: error }, 'the listening connection cannot be opened again');
      if (!this.#closed) this.#reconnectLater();
      return;
    }
    if (this.#closed) return;
    this.logger.info('the listening connection is back');
    this.#handlers?.missed();
  }

  async #sendHeartbeat(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const notify = {
      text: 'select pg_notify($1, $2)',
      values: [CHANNEL, encodeHeartbeat(this.node)],
    };
    try {
      await withTimeout(ANSWER_TIMEOUT_MS, client.query(notify));
    } catch (error) {
      if (error instanceof TimeoutError && this.#client === client) this.onSilence();
      this.#handleLoss(client, error as Error);
    }
  }
}
