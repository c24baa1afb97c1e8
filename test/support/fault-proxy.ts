import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultyCable, type CableFaults } from './faulty-cable.ts';

/** One connection through the proxy: its two sockets, and the two directions between them. */
interface Pair {
  readonly sockets: readonly Socket[];
  readonly cables: readonly FaultyCable[];
}

/**
 * A TCP proxy on loopback in front of one server or several, with a cable that can be pulled. With several
 * it is the plain load balancer: round robin, and the next one where a server does not listen. Signaling,
 * pages and a database's connections go through it; media between two browsers do not.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #faults: CableFaults = { frozen: false, delay: 0, bytesPerSecond: Infinity };
  #targets: readonly number[];
  #turn = 0;
  #open = true;

  private constructor(targets: readonly number[]) {
    this.#targets = targets;
    this.#server = createServer((near) => this.#join(near));
  }

  /** `targets` are ports on loopback. */
  static async start(...targets: readonly number[]): Promise<FaultProxy> {
    const proxy = new FaultProxy(targets);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Connections that stand at this moment. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Who is behind it from now on; connections that stand stay where they are. */
  retarget(...targets: readonly number[]): void {
    this.#targets = targets;
  }

  /** Breaks every connection off, and refuses new ones until `mend`. */
  cut(): void {
    this.#open = false;
    this.drop();
  }

  /** Breaks every connection off; whoever comes back is let in. */
  drop(): void {
    for (const { sockets } of [...this.#pairs]) {
      for (const socket of sockets) socket.resetAndDestroy();
    }
  }

  /**
   * Connections stand, but nothing goes through any more, and nobody is told: a cable pulled. New ones
   * work, unless `all`: then they too stand and lead nowhere, until `thaw`.
   */
  freeze({ all = false }: { readonly all?: boolean } = {}): void {
    if (all) this.#faults.frozen = true;
    for (const { cables } of this.#pairs) for (const cable of cables) cable.freeze();
  }

  /** What was frozen goes on where it stopped. */
  thaw(): void {
    this.#faults.frozen = false;
    for (const { cables } of this.#pairs) for (const cable of cables) cable.thaw();
  }

  /** From now on every byte takes this long on its way, in each direction; in ms. */
  delay(ms: number): void {
    this.#faults.delay = ms;
  }

  /** From now on clients read no faster than this: slow readers. */
  slow(bytesPerSecond: number): void {
    this.#faults.bytesPerSecond = bytesPerSecond;
  }

  /** New connections are let in again, and nothing is delayed or slow; what is frozen stays so. */
  mend(): void {
    this.#open = true;
    this.#faults.delay = 0;
    this.#faults.bytesPerSecond = Infinity;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near: Socket): void {
    near.on('error', () => near.destroy()); // it may break off at any moment: that is what this is for
    if (!this.#open) return void near.destroy();
    this.#dial(near, this.#turn++, this.#targets.length);
  }

  /** Tries the targets in turn, from this one on, until one takes the connection. */
  #dial(near: Socket, from: number, tries: number): void {
    const target = this.#targets[from % this.#targets.length];
    if (tries === 0 || target === undefined || near.destroyed) return void near.destroy();
    const far = connect(target, '127.0.0.1');
    const refused = (): void => this.#dial(near, from + 1, tries - 1);
    far.once('error', refused);
    far.once('connect', () => {
      far.off('error', refused);
      if (near.destroyed || !this.#open) {
        far.destroy();
        near.destroy();
      } else {
        this.#pair(near, far);
      }
    });
  }

  #pair(near: Socket, far: Socket): void {
    const pair: Pair = {
      sockets: [near, far],
      // A reader is slow on the client's side: what the server sends waits for it.
      cables: [
        new FaultyCable(near, far, this.#faults, { slows: false }),
        new FaultyCable(far, near, this.#faults, { slows: true }),
      ],
    };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      for (const cable of pair.cables) cable.letGo();
      near.destroy();
      far.destroy();
    };
    for (const socket of pair.sockets) {
      socket.once('close', end);
      socket.once('error', end);
    }
  }
}
