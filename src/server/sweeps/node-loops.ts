import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { beat } from '../presence/heartbeat.ts';
import { closeUnusedRooms } from '../rooms/close-room.ts';
import { Lease } from '../presence/lease.ts';
import { dropStaleNodeMessages } from '../database/node-messages.ts';
import { vacuumEmbedded } from '../database/vacuum-embedded.ts';
import { withTimeout } from '../database/with-timeout.ts';
import { Loop } from './loop.ts';
import { matchCalls } from '../queue/match-calls.ts';
import { noteLife } from '../presence/record-uptime.ts';
import { registerNode } from '../presence/register-node.ts';
import { forgetOldRemovals } from '../outbox/outbox.ts';
import { sweep } from './sweep.ts';

export interface DispatcherOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /**
   * Its connections have to be closed: it had been declared dead and they no longer count, or it cannot
   * reach the database, and may be declared dead at any moment.
   */
  readonly onLost?: (() => void) | undefined;
}

/** In ms. Matching also runs at once when a queue or an agent changed. */
const MATCH_EVERY = 1_000;
const SWEEP_EVERY = 1_000;
const BEAT_EVERY = 2_000;
/** A heartbeat without an answer for so long has failed: the next goes out on another connection. */
const BEAT_PATIENCE = 2_000;
const CLEAN_EVERY = 10_000;
/** Short, so that a database which is back is noticed long before anybody takes this node for dead. */
const BACK_OFF = { first: 250, last: 2_000 };
const WATCH_EVERY = 500;

/**
 * The loops of one node: it matches, sweeps, beats and cleans up. An error of the database is logged and the loop
 * comes back, later each time, so that nothing hangs once the database is there again.
 */
export class Dispatcher {
  readonly #lease = new Lease();
  readonly #loops: Loop[];
  #watch: NodeJS.Timeout | null = null;
  #lost = false;
  #stopListening: (() => void) | null = null;
  #matched = 0;

  constructor(private readonly options: DispatcherOptions) {
    const { logger } = options;
    this.#loops = [
      new Loop('matching', MATCH_EVERY, () => this.#match(), logger, BACK_OFF),
      new Loop('sweeping', SWEEP_EVERY, () => this.#sweep(), logger, BACK_OFF),
      new Loop('beating', BEAT_EVERY, () => this.#beat(), logger, BACK_OFF),
      new Loop('cleaning', CLEAN_EVERY, () => this.#clean(), logger, BACK_OFF),
    ];
  }

  /** Offers made by this node so far. */
  get matched(): number {
    return this.#matched;
  }

  /**
   * Whether this node may act on what its sockets say: nobody can have declared it dead. Where the
   * database is embedded there is nobody else.
   */
  get alive(): boolean {
    return this.options.database.embedded || this.#lease.holds;
  }

  /** Registers the node, and resolves when connections can be opened on it. Rejects where the database fails. */
  async start(): Promise<void> {
    const { database, nodeId } = this.options;
    const askedAt = performance.now();
    await registerNode(database, nodeId);
    this.#lease.renew(askedAt);
    this.#watch = setInterval(() => this.#lookAtLease(), WATCH_EVERY);
    this.#watch.unref();
    this.#stopListening = database.wake.listen((topics) => {
      if (topics === 'everything' || topics.has('matching')) this.#loops[0]?.soon();
    });
    for (const loop of this.#loops) loop.start();
  }

  /** Waits for what runs, and takes the node out: whoever is still connected here counts as gone. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    if (this.#watch) clearInterval(this.#watch);
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    const { database, nodeId, logger } = this.options;
    try {
      await database.query('delete from nodes where id = $1', [nodeId]);
    } catch (error) {
      // Nothing is lost: without heartbeats another node declares it dead.
      logger.warn({ err: error }, 'this node could not sign off');
    }
  }

  async #match(): Promise<void> {
    for (let more = true; more;) {
      const run = await matchCalls(this.options.database);
      this.#matched += run.matched;
      more = run.more;
    }
  }

  #sweep(): Promise<void> {
    const { database, nodeId } = this.options;
    return sweep(database, { alone: database.embedded ? nodeId : undefined });
  }

  /** What nobody waits for. */
  async #clean(): Promise<void> {
    const { database } = this.options;
    await closeUnusedRooms(database);
    await forgetOldRemovals(database);
    if (database.embedded) await vacuumEmbedded(database);
    else await dropStaleNodeMessages(database);
  }

  async #beat(): Promise<void> {
    const { database, nodeId, logger } = this.options;
    // Also here: a sweep may take long where much is to be swept.
    await withTimeout(BEAT_PATIENCE, noteLife(database));
    const askedAt = performance.now();
    if (!(await withTimeout(BEAT_PATIENCE, beat(database, nodeId)))) {
      logger.error({ nodeId }, 'this node had been declared dead; its clients have to come back');
      this.options.onLost?.();
      await withTimeout(BEAT_PATIENCE, registerNode(database, nodeId));
    }
    this.#lease.renew(askedAt);
  }

  /** Told once, when it has lapsed: the database is away, or this process was stopped for a while. */
  #lookAtLease(): void {
    const { nodeId, logger, onLost } = this.options;
    if (this.alive === !this.#lost) return;
    this.#lost = !this.alive;
    if (!this.#lost) return logger.info({ nodeId }, 'this node is alive again');
    logger.error({ nodeId }, 'no heartbeat could be written; the clients have to come back');
    onLost?.();
  }
}
