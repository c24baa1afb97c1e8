import pg from 'pg';
import type { Logger } from 'pino';
import type { NoticeChannel } from './wake.ts';

const CHANNEL = 'rtc_desk';
const RETRY_FIRST = 100;
const RETRY_LAST = 5_000;
/** A listening socket says nothing when it was cut without a word: it is asked this often; in ms. */
const ASK_EVERY = 5_000;
const ASK_TIMEOUT = 3_000;

/** Notices over LISTEN on one connection of its own, and NOTIFY through the pool. */
export class PostgresChannel implements NoticeChannel {
  #client: pg.Client | null = null;
  #handlers: { payload: (payload: string) => void; lost: () => void } | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #askTimer: NodeJS.Timeout | null = null;
  #connecting: Promise<void> | null = null;
  #closed = false;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly pool: pg.Pool,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
  ) {}

  async publish(payloads: readonly string[]): Promise<void> {
    await this.pool.query({
      name: 'notify',
      text: `select pg_notify('${CHANNEL}', p) from unnest($1::text[]) with ordinality as u (p, i) order by i`,
      values: [payloads],
    });
  }

  async open(handlers: { payload: (payload: string) => void; lost: () => void }): Promise<void> {
    this.#handlers = handlers;
    await this.#connect();
    this.#askTimer = setInterval(() => void this.#ask(), ASK_EVERY);
    this.#askTimer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    if (this.#askTimer) clearInterval(this.#askTimer);
    await this.#connecting;
    const client = this.#client;
    this.#client = null;
    await client?.end();
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    client.on('notification', ({ payload }) => this.#handlers?.payload(payload ?? ''));
    client.on('error', (error) => this.#handleLoss(client, error));
    client.on('end', () => this.#handleLoss(client, null));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      // Half open: what it held is let go; its own complaints about that are of no interest.
      client.removeAllListeners('end');
      client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    this.#retryIn = RETRY_FIRST;
  }

  #handleLoss(client: pg.Client, error: Error | null): void {
    if (this.#client !== client) return;
    this.#client = null;
    if (this.#closed) return;
    this.logger.warn({ err: error }, 'the listening connection is gone');
    // It may be half alive; its end is of no interest any more.
    client.end().catch(() => undefined);
    this.#reconnectLater();
  }

  #reconnectLater(): void {
    // Jitter, so that many nodes do not come back to a restarted database in one moment.
    const delay = this.#retryIn * (0.5 + Math.random());
    this.#retryIn = Math.min(this.#retryIn * 2, RETRY_LAST);
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
    this.#handlers?.lost();
  }

  async #ask(): Promise<void> {
    const client = this.#client;
    if (!client) return;
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        client.query('select 1'),
        new Promise((_, reject) => {
          timer = setTimeout(() => reject(new Error('no answer')), ASK_TIMEOUT);
        }),
      ]);
    } catch (error) {
      this.#handleLoss(client, error as Error);
    } finally {
      clearTimeout(timer);
    }
  }
}
