import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { Loop } from '../sweeps/loop.ts';
import {
  claimMessage,
  finishMessage,
  postponeMessage,
  type OutboxMessage,
  type OrderOf,
  type OutboxService,
} from './outbox.ts';

const CHECK_EVERY_MS = 1_000;
/** Deliveries under way at a time, on one node. */
const MAX_CONCURRENT = 32;
/** Of these, to one receiver: one that does not answer holds up no other. */
const MAX_OF_RECEIVER = 4;

/** Tells one service. */
export interface OutboxReceiver<S extends OutboxService> {
  readonly service: S;
  /**
   * Resolves also if it was done already: an order may come twice. Rejects
   * if it was not done; the error holds no secret.
   */
  deliver(order: OrderOf<S>, signal: AbortSignal): Promise<void>;
}

/**
 * Delivers what the outbox holds for one service. A message stays in the table until the service has answered, so
 * that nothing is lost when a process dies on the way.
 */
export class OutboxDelivery<S extends OutboxService> {
  readonly #loop: Loop;
  readonly #stop = new AbortController();
  readonly #underWay = new Map<Promise<void>, OutboxMessage<S>>();

  constructor(
    private readonly database: Database,
    private readonly receiver: OutboxReceiver<S>,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
  ) {
    this.#loop = new Loop(
      `outbox delivery to ${receiver.service}`,
      CHECK_EVERY_MS,
      () => this.#begin(),
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
    await Promise.all(this.#underWay.keys());
  }

  /** Delivers all that is due, and waits for it. Rejects if the database fails. */
  async work(): Promise<void> {
    for (;;) {
      await this.#begin();
      if (this.#underWay.size === 0) return;
      await Promise.race(this.#underWay.keys());
    }
  }

  /** Begins to deliver what is due, as far as there is room, and does not wait for it. */
  async #begin(): Promise<void> {
    while (this.#underWay.size < MAX_CONCURRENT && !this.#stop.signal.aborted) {
      const message = await claimMessage(this.database, this.receiver.service, this.#busy());
      if (!message) return;
      const delivery = this.#deliver(message)
        .catch((error: unknown) => {
          // The claim ends after a while, and the message is delivered again.
          this.logger.warn({ err: error }, 'the outcome of an outbox delivery was not written');
        })
        .finally(() => {
          this.#underWay.delete(delivery);
          // What waited behind this one may be delivered now.
          this.#loop.soon();
        });
      this.#underWay.set(delivery, message);
    }
  }

  #busy(): string[] {
    const counts = new Map<string, number>();
    for (const { receiver } of this.#underWay.values()) {
      if (receiver !== null) counts.set(receiver, (counts.get(receiver) ?? 0) + 1);
    }
    return [...counts]
      .filter(([, count]) => count >= MAX_OF_RECEIVER)
      .map(([receiver]) => receiver);
  }

  async #deliver(message: OutboxMessage<S>): Promise<void> {
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
