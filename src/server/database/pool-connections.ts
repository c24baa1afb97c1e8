import type { Socket } from 'node:net';
import type pg from 'pg';

/** The open connections of a pool, so that dead ones can be cut instead of waited for. */
export class PoolConnections {
  readonly #open = new Set<pg.PoolClient>();

  constructor(pool: pg.Pool) {
    pool.on('connect', (client) => this.#open.add(client));
    pool.on('remove', (client) => this.#open.delete(client));
  }

  /** Cuts all of them. A statement that waits for an answer is rejected at once. */
  cut(): void {
    for (const client of this.#open) socketOf(client).destroy();
  }
}

/** `client.end()` would wait for an answer too, and the driver has no other way to end a connection. */
function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { readonly connection: { readonly stream: Socket } }).connection
    .stream;
}
