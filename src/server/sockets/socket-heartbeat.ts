/** A socket as the heartbeat sees it. */
export interface HeartbeatSocket {
  ping(): void;
  terminate(): void;
  /** Whether the peer reads nothing of what waits for it, though it may still send. */
  isStuck(now: number): boolean;
  /** Ends the socket of a peer that does not read. */
  cutOff(): void;
  /** When something last arrived from the peer, by performance.now(). */
  heardAt: number;
}

/** Each socket is visited once in 5 s, and pinged at every second visit. */
const ROUND_MS = 5_000;
const SLOTS = 20;
/** Two pings without an answer, and half a period. */
const DEAD_AFTER_MS = 25_000;

/**
 * Pings every socket each 10 s, a twentieth of them at a time: 19,000 pings at once would hold up everything else for
 * half a second. Ends a socket that is silent for 25 s, and one whose peer does not read.
 */
export class SocketHeartbeat {
  readonly #slots: Set<HeartbeatSocket>[] = Array.from(
    { length: SLOTS },
    () => new Set<HeartbeatSocket>(),
  );
  readonly #timer: NodeJS.Timeout;
  #tick = 0;
  #next = 0;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.#timer = setInterval(() => this.tick(), ROUND_MS / SLOTS);
    this.#timer.unref();
  }

  /** Returns the function that removes it. */
  add(socket: HeartbeatSocket): () => void {
    const slot = this.#slots[this.#next++ % SLOTS];
    slot?.add(socket);
    return () => slot?.delete(socket);
  }

  /** One turn, every 250 ms. */
  tick(): void {
    const pings = Math.floor(this.#tick / SLOTS) % 2 === 0;
    const slot = this.#slots[this.#tick++ % SLOTS];
    for (const socket of slot ?? []) {
      const now = this.now();
      if (now - socket.heardAt > DEAD_AFTER_MS) socket.terminate();
      else if (socket.isStuck(now)) socket.cutOff();
      else if (pings) socket.ping();
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
