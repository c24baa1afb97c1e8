/** What the heartbeat asks of a socket. */
export interface Beating {
  ping(): void;
  terminate(): void;
  /** Whether it takes nothing of what waits for it, though it may still be heard. */
  isStuck(now: number): boolean;
  /** Ends it as a reader that does not read. */
  cutOff(): void;
  /** When something of it was last heard, by performance.now(). */
  heardAt: number;
}

/** Each socket is visited once in five seconds and pinged at every second visit. */
const VISIT = 5_000;
const SLOTS = 20;
/** Two pings unanswered, and half a period of patience. */
const DEAD_AFTER = 25_000;

/**
 * Pings every socket each 10 s, a twentieth of them at a time: 19,000 pings at once would hold up
 * everything else for half a second. A socket that stays silent for 25 s is ended, and so is one that reads nothing of what waits for it.
 */
export class SocketHeartbeat {
  readonly #slots: Set<Beating>[] = Array.from({ length: SLOTS }, () => new Set<Beating>());
  readonly #timer: NodeJS.Timeout;
  #turn = 0;
  #next = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#timer = setInterval(() => this.tick(), VISIT / SLOTS);
    this.#timer.unref();
  }

  /** Returns the function that lets go of it. */
  add(socket: Beating): () => void {
    const slot = this.#slots[this.#next++ % SLOTS];
    slot?.add(socket);
    return () => slot?.delete(socket);
  }

  /** One turn, every quarter of a second. */
  tick(): void {
    const pings = Math.floor(this.#turn / SLOTS) % 2 === 0;
    const slot = this.#slots[this.#turn++ % SLOTS];
    for (const socket of slot ?? []) {
      const now = this.now();
      if (now - socket.heardAt > DEAD_AFTER) socket.terminate();
      else if (socket.isStuck(now)) socket.cutOff();
      else if (pings) socket.ping();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
