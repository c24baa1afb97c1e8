import type { ParticipantRole } from '../../protocol/views.ts';

/** What `/metrics` tells of a node's sockets. Counters only grow. */
export interface SocketStats {
  readonly open: Readonly<Record<ParticipantRole, number>>;
  /** Sockets that have not said who they are. */
  readonly greeting: number;
  /** Messages read, by type; what could not be understood counts as `refused`. */
  readonly received: Readonly<Record<string, number>>;
  /** Frames written, by type. */
  readonly sent: Readonly<Record<string, number>>;
  /** Sockets ended by this server, by close code. */
  readonly closed: Readonly<Record<string, number>>;
  /** Sockets cut off because they did not read. */
  readonly slowReaders: number;
  /** Bytes that wait for slow readers at this moment. */
  readonly bufferedBytes: number;
}

/** Counts by a name out of a small closed set. */
export class Counter {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  read(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
