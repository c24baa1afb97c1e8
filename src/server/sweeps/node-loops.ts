import type { Logger } from 'pino';
import type { Database, Topic } from '../database/database.ts';
import { deleteStaleNodeMessages } from '../database/node-messages.ts';
import { vacuumEmbedded } from '../database/vacuum-embedded.ts';
import { withTimeout } from '../database/with-timeout.ts';
import { matchCalls } from '../matching/match-calls.ts';
import { sitesWithQueuedCalls } from '../matching/sites-with-queued-calls.ts';
import { forgetOldMessages } from '../outbox/outbox.ts';
import { heartbeat } from '../presence/heartbeat.ts';
import { Lease } from '../presence/lease.ts';
import { recordUptime } from '../presence/record-uptime.ts';
import { registerNode } from '../presence/register-node.ts';
import type { ObjectStorage } from '../object-storage/object-storage.ts';
import { abortUnknownUploads, deleteNextObject } from '../recordings/delete-objects.ts';
import { joinNextRecording } from '../recordings/join-recordings.ts';
import { moveNextFile } from '../recordings/move-files.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import { deleteRecordingFiles } from '../recordings/sweep-recordings.ts';
import { rollUpCalls } from '../reports/roll-up.ts';
import { carryOutErasures } from '../retention/carry-out-erasures.ts';
import { sweepRetention } from '../retention/sweep-retention.ts';
import { closeUnusedRooms } from '../rooms/close-room.ts';
import { deleteOldEvents } from '../webhooks/delete-old-events.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import { Loop } from './loop.ts';
import { sweep } from './sweep.ts';

export interface NodeLoopsOptions {
  readonly database: Database;
  readonly nodeId: string;
  /** The media for which rooms may be made; default: the built-in media. */
  readonly media?: RoomMedia | undefined;
  /** Where recordings are, and the server's signing key. Undefined: this node puts none together. */
  readonly recordings?: {
    readonly folder: RecordingFolder;
    readonly serverKey: Uint8Array;
    /** Null: no keys of an object store are set. */
    readonly objectStorage: ObjectStorage | null;
  };
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /**
   * Called when the node's connections have to be closed: the node was declared dead and they no longer count,
   * or it cannot reach the database and may be declared dead at any moment.
   */
  readonly onLost?: (() => void) | undefined;
}

/** Without any notice. A change of a queue or of an agent is matched at once. */
const MATCH_ALL_MS = 1_000;
const SWEEP_MS = 1_000;
const HEARTBEAT_MS = 2_000;
/** A heartbeat that takes longer has failed. The next one goes out on another connection. */
const HEARTBEAT_TIMEOUT_MS = 2_000;
const CLEAN_UP_MS = 10_000;
const RETENTION_MS = 60_000;
/** A report adds the calls that are not counted yet, so this may be slow. */
const REPORTS_MS = 10_000;
/** How long an order to erase waits until a node begins. */
const ERASURES_MS = 2_000;
/** How long a recording whose parts are there waits until a node begins. */
const RECORDINGS_MS = 2_000;
/** How long a file waits until a node begins to move it to the object store, or to delete it there. */
const OBJECTS_MS = 2_000;
/** Uploads that nobody knows are aborted when they are a day old. */
const UNKNOWN_UPLOADS_MS = 3_600_000;
const CHECK_LEASE_MS = 500;
/** Short, so that a node notices long before its lease ends that the database is back. */
const BACK_OFF = { first: 250, last: 2_000 };
/** The prefix of the topics that name a site to match. */
const MATCHING = 'matching:';

/**
 * What one node does again and again: matching, sweep, heartbeat, clean-up, retention, erasures, the
 * figures of the reports, recordings. An error of the database is logged and the loop goes on after a pause, so that everything works again once the database is back.
 */
export class NodeLoops {
  readonly #lease = new Lease();
  readonly #matching: Loop;
  readonly #retention: Loop;
  readonly #erasures: Loop;
  readonly #reports: Loop;
  readonly #recordings: Loop;
  readonly #moves: Loop;
  readonly #deletions: Loop;
  /** Ends the requests to the object store, which may take long. */
  readonly #stopping = new AbortController();
  readonly #loops: readonly Loop[];
  #leaseCheck: NodeJS.Timeout | null = null;
  #stopListening: (() => void) | null = null;
  /** Whether the lease is over. */
  #lost = false;
  #matched = 0;
  /** Sites whose queue or agents have changed since the last matching. */
  #changedSites = new Set<string>();
  /** When all sites were matched last, by performance.now(). */
  #allMatchedAt = -Infinity;

  constructor(private readonly options: NodeLoopsOptions) {
    const { logger } = options;
    this.#matching = new Loop('matching', MATCH_ALL_MS, () => this.#match(), logger, BACK_OFF);
    this.#retention = new Loop('retention', RETENTION_MS, () => this.#retain(), logger);
    this.#erasures = new Loop('erasures', ERASURES_MS, () => this.#erase(), logger);
    this.#reports = new Loop('reports', REPORTS_MS, () => this.#rollUp(), logger);
    this.#recordings = new Loop('recordings', RECORDINGS_MS, () => this.#join(), logger);
    this.#moves = new Loop('moves', OBJECTS_MS, () => this.#move(), logger);
    this.#deletions = new Loop('deletions', OBJECTS_MS, () => this.#deleteObjects(), logger);
    this.#loops = [
      this.#matching,
      this.#retention,
      this.#erasures,
      this.#reports,
      this.#recordings,
      this.#moves,
      this.#deletions,
      new Loop('unknown uploads', UNKNOWN_UPLOADS_MS, () => this.#abortUploads(), logger),
      new Loop('sweep', SWEEP_MS, () => this.#sweep(), logger, BACK_OFF),
      new Loop('heartbeat', HEARTBEAT_MS, () => this.#heartbeat(), logger, BACK_OFF),
      new Loop('clean-up', CLEAN_UP_MS, () => this.#cleanUp(), logger, BACK_OFF),
    ];
  }

  /** Offers made by this node so far. */
  get matched(): number {
    return this.#matched;
  }

  /**
   * Whether this node may act on what its sockets say, because no other node can have declared it dead. If the
   * database is embedded there is no other node.
   */
  get alive(): boolean {
    return this.options.database.embedded || this.#lease.valid;
  }

  /** Registers the node. Resolves when connections can be opened on it; rejects if the database fails. */
  async start(): Promise<void> {
    const { database, nodeId } = this.options;
    const askedAt = performance.now();
    await registerNode(database, nodeId);
    this.#lease.renew(askedAt);
    this.#leaseCheck = setInterval(() => this.#checkLease(), CHECK_LEASE_MS);
    this.#leaseCheck.unref();
    this.#stopListening = database.wake.listen((topics) => this.#handleTopics(topics));
    for (const loop of this.#loops) loop.start();
  }

  /** Waits for the runs under way, and deletes the node: everybody who is still connected here counts as gone. */
  async stop(): Promise<void> {
    this.#stopListening?.();
    this.#stopping.abort();
    if (this.#leaseCheck) clearInterval(this.#leaseCheck);
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    const { database, nodeId, logger } = this.options;
    try {
      await database.query('delete from nodes where id = $1', [nodeId]);
    } catch (error) {
      // Without heartbeats another node declares this one dead.
      logger.warn({ err: error }, 'this node could not sign off');
    }
  }

  #handleTopics(topics: ReadonlySet<Topic> | 'everything'): void {
    if (topics === 'everything') {
      this.#allMatchedAt = -Infinity;
      return this.#matching.soon();
    }
    for (const topic of topics) {
      if (topic.startsWith(MATCHING)) this.#changedSites.add(topic.slice(MATCHING.length));
    }
    if (this.#changedSites.size > 0) this.#matching.soon();
  }

  /** Matches the sites that have changed and, once a second, all sites. An error in one site keeps no other waiting. */
  async #match(): Promise<void> {
    const { database } = this.options;
    const sites = this.#changedSites;
    this.#changedSites = new Set();
    const now = performance.now();
    if (now - this.#allMatchedAt >= MATCH_ALL_MS) {
      for (const site of await sitesWithQueuedCalls(database)) sites.add(site);
      this.#allMatchedAt = now;
    }
    const errors: unknown[] = [];
    for (const site of sites) {
      try {
        await this.#matchSite(site);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  async #matchSite(site: string): Promise<void> {
    const { database, media } = this.options;
    for (let more = true; more;) {
      const run = await matchCalls(database, site, media);
      this.#matched += run.matched;
      more = run.more;
    }
  }

  #sweep(): Promise<void> {
    const { database, nodeId } = this.options;
    return sweep(database, { onlyNode: database.embedded ? nodeId : undefined });
  }

  async #cleanUp(): Promise<void> {
    const { database } = this.options;
    await closeUnusedRooms(database);
    await forgetOldMessages(database);
    await deleteOldEvents(database);
    if (database.embedded) await vacuumEmbedded(database);
    else await deleteStaleNodeMessages(database);
  }

  /** One bounded step a run, so that a stop never waits for long. */
  async #retain(): Promise<void> {
    if (await sweepRetention(this.options.database)) this.#retention.soon();
  }

  async #erase(): Promise<void> {
    const { database, logger } = this.options;
    if (await carryOutErasures(database, logger)) this.#erasures.soon();
  }

  async #rollUp(): Promise<void> {
    if (await rollUpCalls(this.options.database)) this.#reports.soon();
  }

  async #join(): Promise<void> {
    const { database, nodeId, logger, recordings } = this.options;
    if (!recordings) return;
    const joined = await joinNextRecording({ database, nodeId, logger, ...recordings });
    const deleted = await deleteRecordingFiles(database, recordings.folder);
    if (joined || deleted) this.#recordings.soon();
  }

  async #move(): Promise<void> {
    const { database, nodeId, logger, recordings } = this.options;
    const { objects, destination = null } = recordings?.objectStorage ?? {};
    if (!recordings || !objects || destination === null) return;
    const { folder, serverKey } = recordings;
    const { signal } = this.#stopping;
    const common = { database, objects, logger, signal };
    if (await moveNextFile({ ...common, folder, serverKey, nodeId, destination })) {
      this.#moves.soon();
    }
  }

  async #deleteObjects(): Promise<void> {
    const { database, logger, recordings } = this.options;
    const { objects } = recordings?.objectStorage ?? {};
    if (!objects) return;
    const { signal } = this.#stopping;
    if (await deleteNextObject({ database, objects, logger, signal })) this.#deletions.soon();
  }

  async #abortUploads(): Promise<void> {
    const { database, logger, recordings } = this.options;
    const { objects, destination = null } = recordings?.objectStorage ?? {};
    if (!objects || destination === null) return;
    const { signal } = this.#stopping;
    await abortUnknownUploads({ database, objects, logger, signal }, destination);
  }

  async #heartbeat(): Promise<void> {
    const { database, nodeId, logger, onLost } = this.options;
    // Also here, because a sweep that has much to do can take longer than the gap that counts.
    await withTimeout(HEARTBEAT_TIMEOUT_MS, recordUptime(database));
    const askedAt = performance.now();
    if (!(await withTimeout(HEARTBEAT_TIMEOUT_MS, heartbeat(database, nodeId)))) {
      logger.error({ nodeId }, 'this node was declared dead; its clients have to come back');
      onLost?.();
      await withTimeout(HEARTBEAT_TIMEOUT_MS, registerNode(database, nodeId));
    }
    this.#lease.renew(askedAt);
  }

  /** Reports once when the lease is over: the database is away, or this process was stopped for a while. */
  #checkLease(): void {
    const { nodeId, logger, onLost } = this.options;
    if (this.alive === !this.#lost) return;
    this.#lost = !this.alive;
    if (!this.#lost) return logger.info({ nodeId }, 'this node is alive again');
    logger.error({ nodeId }, 'no heartbeat could be written; the clients have to come back');
    onLost?.();
  }
}
