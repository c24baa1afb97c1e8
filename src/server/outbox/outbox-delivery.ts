import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { Loop } from '../sweeps/loop.ts';
import {
  claimMessages,
  finishMessage,
  postponeMessage,
  type OutboxMessage,
  type OutboxService,
} from './outbox.ts';

const CHECK_EVERY_MS = 1_000;
const MAX_CONCURRENT = 8;

/** Delivers the messages of one service. */
export interface OutboxReceiver<S extends OutboxService = OutboxService> {
  readonly service: S;
  /**
   * Resolves also where it was done already: a message may be delivered twice. Rejects where it was not done; the error
   * holds no secret.
   */
  deliver(message: Extract<OutboxMessage, { service: S }>, signal: AbortSignal): Promise<void>;
}

/**
 * Delivers what the outbox holds for one service. A message stays in the table until the service has answered, so
 * that nothing is lost when a process dies on the way.
 */
export class OutboxDelivery<S extends OutboxService = OutboxService> {
  readonly #loop: Loop;
  readonly #stop = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly receiver: OutboxReceiver<S>,
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
      // The claim asked for this service alone.
      await this.receiver.deliver(message as Extract<OutboxMessage, { service: S }>, signal);
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
