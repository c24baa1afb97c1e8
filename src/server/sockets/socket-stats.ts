import type { ParticipantRole } from '../../protocol/views.ts';

/** What `/metrics` tells about a node's sockets. Counters only grow. */
export interface SocketStats {
  readonly open: Readonly<Record<ParticipantRole, number>>;
  /** Sockets without an accepted hello. */
  readonly handshaking: number;
  /** Messages read, by type. A message that was not understood counts as `refused`. */
  readonly received: Readonly<Record<string, number>>;
  /** Frames written, by type. */
  readonly sent: Readonly<Record<string, number>>;
  /** Sockets that this server closed, by close code. */
  readonly closed: Readonly<Record<string, number>>;
  /** Sockets that were cut off because the peer did not read. */
  readonly slowReaders: number;
  /** Bytes that wait to be read by peers at this moment. */
  readonly bufferedBytes: number;
}

/** Counts by a name from a small closed set. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  read(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
