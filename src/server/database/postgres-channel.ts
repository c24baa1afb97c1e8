import pg from 'pg';
import type { Logger } from 'pino';
import { PeerNodes } from './peer-nodes.ts';
import { NoAnswer, withTimeout } from './with-timeout.ts';
import type { ChannelHandlers, NoticeChannel } from './wake.ts';
import type { Parcel } from './node-messages.ts';

const CHANNEL = 'rtc_desk';
const RETRY_FIRST = 100;
const RETRY_LAST = 5_000;
/** The node calls out to all, itself among them, this often; in ms. */
const CALL_EVERY = 2_000;
/** Not heard for this long: deaf. A connection that does not even answer for this long is replaced. */
const PATIENCE = 3_000;

/** Parcels first, so that whoever is told of them finds them. No disk is waited for: none of it outlives a crash. */
const PUBLISH = `
  with posted as (
    insert into parcels (node_id, payload)
    select u.node, u.payload from unnest($2::text[], $3::text[]) with ordinality as u (node, payload, i)
     order by u.i)
  select pg_notify(u.channel, u.payload), set_config('synchronous_commit', 'off', true)
    from unnest($1::text[], $4::text[]) with ordinality as u (channel, payload, i) order by u.i`;

/** In the order in which each sender put them down. */
const COLLECT = `
  with own as (delete from parcels where node_id = $1 returning id, payload)
  select payload from own order by id`;

/**
 * Notices over LISTEN on one connection of its own, and NOTIFY through the pool. Beside the channel of all
 * nodes each has one of its own, on which it is told of parcels. Each calls out to all:
 *
 *     h <from>          it is here; only its own echo shows a node that it still hears, since a connection cut without
 *                       a word says nothing, and a pooler in between may swallow every notice
 *     k <from> <to>     `from` has come to know `to`, and tells it from now on; what was before, `to` has to read
 */
export class PostgresChannel implements NoticeChannel {
  #client: pg.Client | null = null;
  #handlers: ChannelHandlers | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #callTimer: NodeJS.Timeout | null = null;
  #connecting: Promise<void> | null = null;
  readonly #neighbours = new PeerNodes();
  /** Both by performance.now(). */
  #listensSince = Infinity;
  #heardAt = -Infinity;
  #closed = false;

  constructor(
    private readonly node: string,
    private readonly config: pg.ClientConfig,
    private readonly pool: pg.Pool,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    /** The connection was cut without a word; so, then, were others of that time. */
    private readonly onSilence: () => void,
  ) {}

  get deaf(): boolean {
    return performance.now() - this.#heardAt > PATIENCE;
  }

  /** Whoever is there has answered long before; this one may be about to do one thing, and go again. */
  get alone(): boolean {
    const listened = performance.now() - this.#listensSince;
    return listened > PATIENCE && !this.deaf && this.#neighbours.none;
  }

  async publish(notices: readonly string[], parcels: readonly Parcel[]): Promise<void> {
    const receivers = [...new Set(parcels.map(({ node }) => node))].map(ownChannel);
    await this.pool.query({
      name: 'notify',
      text: PUBLISH,
      values: [
        [...notices.map(() => CHANNEL), ...receivers],
        parcels.map(({ node }) => node),
        parcels.map(({ payload }) => payload),
        [...notices, ...receivers.map(() => 'parcels')],
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
    this.#callTimer = setInterval(() => void this.#callOut(), CALL_EVERY);
    this.#callTimer.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    if (this.#callTimer) clearInterval(this.#callTimer);
    await this.#connecting;
    const client = this.#client;
    this.#client = null;
    // One that was cut without a word would never answer the goodbye.
    if (client) await withTimeout(PATIENCE, client.end()).catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true });
    client.on('notification', ({ channel, payload }) => this.#handleNotice(channel, payload ?? ''));
    client.on('error', (error) => this.#handleLoss(client, error));
    client.on('end', () => this.#handleLoss(client, null));
    try {
      await client.connect();
      const own = client.escapeIdentifier(ownChannel(this.node));
      await withTimeout(PATIENCE, client.query(`listen ${CHANNEL}; listen ${own}`));
    } catch (error) {
      // Half open: what it held is let go; its own complaints about that are of no interest.
      client.removeAllListeners('end');
      client.end().catch(() => undefined);
      throw error;
    }
    this.#client = client;
    this.#listensSince = performance.now();
    this.#retryIn = RETRY_FIRST;
    void this.#callOut();
  }

  #handleNotice(channel: string, payload: string): void {
    this.#heardAt = performance.now();
    const [kind, from, to] = payload.split(' ', 3);
    if (channel !== CHANNEL) {
      if (payload === 'parcels') this.#handlers?.parcels();
    } else if (kind === 'h' || kind === 'k') {
      if (from && from !== this.node && this.#neighbours.hear(from)) {
        void this.#callOut(`k ${this.node} ${from}`);
      }
      if (to === this.node) this.#handlers?.missed();
    } else {
      this.#handlers?.notice(payload);
    }
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
    this.#handlers?.missed();
  }

  async #callOut(payload = `h ${this.node}`): Promise<void> {
    const client = this.#client;
    if (!client) return;
    const call = { text: 'select pg_notify($1, $2)', values: [CHANNEL, payload] };
    try {
      await withTimeout(PATIENCE, client.query(call));
    } catch (error) {
      if (error instanceof NoAnswer && this.#client === client) this.onSilence();
      this.#handleLoss(client, error as Error);
    }
  }
}

/** Within PostgreSQL's 63 bytes of a name. */
function ownChannel(node: string): string {
  return `${CHANNEL}_${node}`;
}
