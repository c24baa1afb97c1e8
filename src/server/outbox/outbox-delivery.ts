import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { Loop } from '../sweeps/loop.ts';
import {
  claimRemovals,
  finishRemoval,
  postponeRemoval,
  type Removal,
  type RemovalService,
} from './outbox.ts';

/** In ms. */
const EVERY = 1_000;
const AT_ONCE = 8;

/** A service of Tencent's that can be told what is over. */
export interface RemovingCloud {
  readonly service: RemovalService;
  /** Resolves also where it was gone already. Rejects where it was not done; the error holds no secret. */
  remove(removal: Removal, signal: AbortSignal): Promise<void>;
}

/**
 * Tells one of Tencent's services what the tables say it is to be told. A row stays until the service has answered,
 * so that a process that dies on the way loses nothing; to tell it twice does no harm.
 */
export class RoomCloser {
  readonly #loop: Loop;
  readonly #stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly cloud: RemovingCloud,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
  ) {
    this.#loop = new Loop(
      `telling ${cloud.service} what is over`,
      EVERY,
      () => this.work(),
      logger,
    );
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
      const due = await claimRemovals(this.database, this.cloud.service, AT_ONCE);
      await Promise.all(due.map((removal) => this.#tell(removal)));
      if (due.length < AT_ONCE || this.#stop.signal.aborted) return;
    }
  }

  async #tell(removal: Removal): Promise<void> {
    const { service, room, tries } = removal;
    const { signal } = this.#stop;
    try {
      await this.cloud.remove(removal, signal);
    } catch (error) {
      if (signal.aborted) return;
      // Once for each is enough to be noticed; the row is still there, and is tried again.
      if (tries === 1) {
        this.logger.warn(
          { err: error, service, room },
          'Tencent’s cloud could not be told what is over',
        );
      }
      await postponeRemoval(this.database, removal);
      return;
    }
    await finishRemoval(this.database, removal);
  }
}
