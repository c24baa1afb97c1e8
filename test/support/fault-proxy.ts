import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FaultyStream, type StreamFaults } from './faulty-stream.ts';

/** One connection through the proxy: its two sockets, and the two directions between them. */
interface Pair {
  readonly sockets: readonly Socket[];
  readonly streams: readonly FaultyStream[];
}

/**
 * A TCP proxy on loopback that makes network faults. With several targets it is a load balancer: round robin, and the
 * next target if one does not listen. Signaling, pages and database connections can go through it. Media between
 * two browsers do not.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  readonly #faults: StreamFaults = { frozen: false, delay: 0, bytesPerSecond: Infinity };
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

  /** The number of open connections. */
  get size(): number {
    return this.#pairs.size;
  }

  /** Sends new connections to these targets. Open connections stay where they are. */
  retarget(...targets: readonly number[]): void {
    this.#targets = targets;
  }

  /** Resets every connection, and refuses new ones until `mend`. */
  cut(): void {
    this.#open = false;
    this.drop();
  }

  /** Resets every connection. New ones are accepted. */
  drop(): void {
    for (const { sockets } of [...this.#pairs]) {
      for (const socket of sockets) socket.resetAndDestroy();
    }
  }

  /**
   * Open connections stay open and carry nothing, as after a pulled cable. New connections work, unless `all` is set:
   * then they carry nothing either, until `thaw`.
   */
  freeze({ all = false }: { readonly all?: boolean } = {}): void {
    if (all) this.#faults.frozen = true;
    for (const { streams } of this.#pairs) for (const stream of streams) stream.freeze();
  }

  /** Frozen connections carry data again. */
  thaw(): void {
    this.#faults.frozen = false;
    for (const { streams } of this.#pairs) for (const stream of streams) stream.thaw();
  }

  /** Delays every byte by this time, in each direction; in ms. */
  delay(ms: number): void {
    this.#faults.delay = ms;
  }

  /** Lets clients read no faster than this. */
  slow(bytesPerSecond: number): void {
    this.#faults.bytesPerSecond = bytesPerSecond;
  }

  /** Accepts new connections again, without delay and at full speed. Frozen connections stay frozen. */
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
    near.on('error', () => near.destroy()); // a reset at any moment is expected here
    if (!this.#open) return void near.destroy();
    this.#dial(near, this.#turn++, this.#targets.length);
  }

  /** Tries the targets one after another, from this one on, until one accepts the connection. */
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
      // A slow client slows the data that the server sends.
      streams: [
        new FaultyStream(near, far, this.#faults, { slows: false }),
        new FaultyStream(far, near, this.#faults, { slows: true }),
      ],
    };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      for (const stream of pair.streams) stream.dispose();
      near.destroy();
      far.destroy();
    };
    for (const socket of pair.sockets) {
      socket.once('close', end);
      socket.once('error', end);
    }
  }
}
