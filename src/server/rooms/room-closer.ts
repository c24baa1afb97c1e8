import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { Loop } from '../queue/loop.ts';
import { claimRemovals, finishRemoval, postponeRemoval, type Removal } from '../queue/removals.ts';
import type { CloudRooms } from './cloud-rooms.ts';

/** In ms. */
const EVERY = 1_000;
const AT_ONCE = 8;

/**
 * Tells TRTC's cloud what the tables say is to be told. A row stays until the cloud has answered, so that a
 * process that dies on the way loses nothing; to tell it twice does no harm.
 */
export class RoomCloser {
  readonly #loop: Loop;
  readonly #stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly cloud: Pick<CloudRooms, 'dismiss' | 'remove'>,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
  ) {
    this.#loop = new Loop('closing rooms in the cloud', EVERY, () => this.work(), logger);
  }

  start(): void {
    this.#loop.start();
  }

  /** Lets go of what is under way: another node takes it over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop.stop();
  }

  /** All that is due. Rejects where the database fails. */
  async work(): Promise<void> {
    for (;;) {
      const due = await claimRemovals(this.database, AT_ONCE);
      await Promise.all(due.map((removal) => this.#tell(removal)));
      if (due.length < AT_ONCE || this.#stop.signal.aborted) return;
    }
  }

  async #tell(removal: Removal): Promise<void> {
    const { room, participant, tries } = removal;
    const { signal } = this.#stop;
    try {
      if (participant === null) await this.cloud.dismiss(room, signal);
      else await this.cloud.remove(room, participant, signal);
    } catch (error) {
      if (signal.aborted) return;
      // Once for each is enough to be noticed; the row is still there, and is tried again.
      if (tries === 1) {
        this.logger.warn({ err: error, room }, 'TRTC’s cloud could not be told to close a room');
      }
      await postponeRemoval(this.database, removal);
      return;
    }
    await finishRemoval(this.database, removal);
  }
}
