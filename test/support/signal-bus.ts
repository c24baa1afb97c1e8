import type { MediaRoom } from '../../src/media/media.ts';

/** How the bus treats a signal: the delay of its delivery in ms, or its loss. */
export type Fate = number | 'lost';

/** The server's part in a mesh, in memory: a roster for everybody, and signals that are passed on as JSON. */
export class SignalBus {
  readonly #members = new Map<string, MediaRoom>();
  readonly #cut = new Set<string>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** The number of signals, by sender. */
  readonly sent = new Map<string, number>();
  fate: (from: string, to: string, data: unknown) => Fate = () => 0;

  /** The `sendSignal` of a room. */
  sender(from: string): (to: string, data: unknown) => void {
    return (to, data) => {
      this.sent.set(from, (this.sent.get(from) ?? 0) + 1);
      if (this.#cut.has(from) || !this.#members.has(from)) return;
      const fate = this.fate(from, to, data);
      if (fate === 'lost') return;
      const copy: unknown = JSON.parse(JSON.stringify(data));
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        if (!this.#cut.has(to)) this.#members.get(to)?.handleSignal(from, copy);
      }, fate);
      this.#timers.add(timer);
    };
  }

  /** Tells everybody who is connected the roster, the newcomer last, like the real server. */
  add(id: string, room: MediaRoom): void {
    this.#members.set(id, room);
    this.tellRoster();
  }

  /** Two enter at once: neither was there before the other. */
  addTogether(rooms: Readonly<Record<string, MediaRoom>>): void {
    for (const [id, room] of Object.entries(rooms)) this.#members.set(id, room);
    this.tellRoster();
  }

  remove(id: string): void {
    this.#members.delete(id);
    this.tellRoster();
  }

  /** This member's socket is gone. The roster still lists them. */
  cut(id: string): void {
    this.#cut.add(id);
  }

  restore(id: string): void {
    this.#cut.delete(id);
    const room = this.#members.get(id);
    room?.handleSignalingRestored();
    room?.handleRoster(this.#others(id));
  }

  tellRoster(): void {
    for (const [id, room] of this.#members) {
      if (!this.#cut.has(id)) room.handleRoster(this.#others(id));
    }
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#members.clear();
  }

  #others(id: string): string[] {
    return [...this.#members.keys()].filter((member) => member !== id);
  }
}
