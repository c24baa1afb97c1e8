import type { Logger } from 'pino';
import type { Database, Topic } from '../database/database.ts';
import { dropStaleParcels } from '../database/parcels.ts';
import { tidyEmbedded } from '../database/tidy-embedded.ts';
import { beat } from './beat.ts';
import { closeUnusedRooms } from './close-room.ts';
import { Loop } from './loop.ts';
import { matchCalls } from './match-calls.ts';
import { registerNode } from './register-node.ts';
import { forgetOldRemovals } from './removals.ts';
import { sweep } from './sweep.ts';

export interface DispatcherOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** This node had been declared dead: its connections no longer count, and have to be closed. */
  readonly onDeclaredDead?: (() => void) | undefined;
}

/** In ms. Matching also runs at once when a queue or an agent changed. */
const MATCH_EVERY = 1_000;
const SWEEP_EVERY = 1_000;
const BEAT_EVERY = 3_000;
const CLEAN_EVERY = 10_000;

/**
 * The loops of one node: it matches, sweeps, beats and cleans up. An error of the database is logged and the loop
 * comes back, later each time, so that nothing hangs once the database is there again.
 */
export class Dispatcher {
  readonly #loops: Loop[];
  #stopListening: (() => void) | null = null;
  #matched = 0;

  constructor(private readonly options: DispatcherOptions) {
    const { logger } = options;
    this.#loops = [
      new Loop('matching', MATCH_EVERY, () => this.#match(), logger),
      new Loop('sweeping', SWEEP_EVERY, () => this.#sweep(), logger),
      new Loop('beating', BEAT_EVERY, () => this.#beat(), logger),
      new Loop('cleaning', CLEAN_EVERY, () => this.#clean(), logger),
    ];
  }

  /** Offers made by this node so far. */
  get matched(): number {
    return this.#matched;
  }

  /** Registers the node, and resolves when connections can be opened on it. Rejects where the database fails. */
  async start(): Promise<void> {
    const { database, nodeId } = this.options;
    await registerNode(database, nodeId);
    this.#stopListening = database.wake.listen((topics) => {
      if (concernsMatching(topics)) this.#loops[0]?.soon();
    });
    for (const loop of this.#loops) loop.start();
  }

  /** Waits for what runs, and takes the node out: whoever is still connected here counts as gone. */
  async stop(): Promise<void> {
    this.#stopListening?.();
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
    for (let matched = -1; matched !== 0; this.#matched += matched) {
      matched = await matchCalls(this.options.database);
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
    if (database.embedded) await tidyEmbedded(database);
    else await dropStaleParcels(database);
  }

  async #beat(): Promise<void> {
    const { database, nodeId, logger, onDeclaredDead } = this.options;
    if (await beat(database, nodeId)) return;
    logger.error({ nodeId }, 'this node had been declared dead; its clients have to come back');
    onDeclaredDead?.();
    await registerNode(database, nodeId);
  }
}

/** Every change that makes a call wait or an agent free names a group. */
function concernsMatching(topics: ReadonlySet<Topic> | 'everything'): boolean {
  if (topics === 'everything') return true;
  for (const topic of topics) if (topic.startsWith('group:')) return true;
  return false;
}
