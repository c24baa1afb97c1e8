import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { Loop } from '../sweeps/loop.ts';
import {
  claimMessages,
  finishMessage,
  postponeMessage,
  type OutboxMessage,
  type OutboxOrder,
  type OutboxService,
} from './outbox.ts';

const CHECK_EVERY_MS = 1_000;
const MAX_CONCURRENT = 8;

/** Tells one service. */
export interface OutboxReceiver {
  readonly service: OutboxService;
  /**
   * Gets the orders of its service alone. Resolves also where it was done already: an order may come twice. Rejects
   * where it was not done; the error holds no secret.
   */
  deliver(order: OutboxOrder, signal: AbortSignal): Promise<void>;
}

/**
 * Delivers what the outbox holds for one service. A message stays in the table until the service has answered, so
 * that nothing is lost when a process dies on the way.
 */
export class OutboxDelivery {
  readonly #loop: Loop;
  readonly #stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly receiver: OutboxReceiver,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
  ) {
    this.#loop = new Loop(
      `outbox delivery to ${receiver.service}`,
      CHECK_EVERY_MS,
      () => this.work(),
      logger,
    );
  }

  start(): void {
    this.#loop.start();
  }

  /** Aborts the deliveries under way. Another node takes them over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop.stop();
  }

  /** Delivers all that is due. Rejects where the database fails. */
  async work(): Promise<void> {
    for (;;) {
      const due = await claimMessages(this.database, this.receiver.service, MAX_CONCURRENT);
      await Promise.all(due.map((message) => this.#deliver(message)));
      if (due.length < MAX_CONCURRENT || this.#stop.signal.aborted) return;
    }
  }

  async #deliver(message: OutboxMessage): Promise<void> {
    const { id, service, kind, payload, attempts } = message;
    const { signal } = this.#stop;
    try {
      await this.receiver.deliver(message, signal);
    } catch (error) {
      if (signal.aborted) return;
      // One warning for each message is enough: the row stays, and is tried again.
      if (attempts === 1) {
        this.logger.warn({ err: error, service, kind, ...payload }, 'an outbox delivery failed');
      }
      await postponeMessage(this.database, id);
      return;
    }
    await finishMessage(this.database, id);
  }
}
