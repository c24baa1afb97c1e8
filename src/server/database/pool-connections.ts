import type { Socket } from 'node:net';
import type pg from 'pg';

/** The connections of a pool, so that those which lead nowhere any more need not be waited for. */
export class PoolConnections {
  readonly #open = new Set<pg.PoolClient>();

  constructor(pool: pg.Pool) {
    pool.on('connect', (client) => this.#open.add(client));
    pool.on('remove', (client) => this.#open.delete(client));
  }

  /** Ends all that stand; whoever waits for an answer on one hears at once that it was lost. */
  cut(): void {
    for (const client of this.#open) socketOf(client).destroy();
  }
}

/** Its goodbye would wait for an answer too; the driver has no other way to end a connection. */
function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
    .stream;
}
