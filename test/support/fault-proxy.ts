import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy on loopback in front of a server, with a cable that can be pulled. Signaling and pages go
 * through it; media between two browsers do not.
 */
export class FaultProxy {
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  #open = true;

  private constructor(private readonly target: number) {
    this.#server = createServer((near) => this.#join(near));
  }

  static async start(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  #join(near: Socket): void {
    if (!this.#open) return void near.destroy();
    const far = connect(this.target, '127.0.0.1');
    const pair = { near, far };
    this.#pairs.add(pair);
    const end = () => {
      this.#pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.once('close', end);
      socket.once('error', end); // either end may break off at any moment: that is what this is for
    }
    near.pipe(far);
    far.pipe(near);
  }

  /** Breaks every connection off, and refuses new ones until `mend`. */
  cut(): void {
    this.#open = false;
    for (const { near, far } of [...this.#pairs]) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** Connections stand, but nothing goes through any more, and nobody is told: a cable pulled. */
  freeze(): void {
    for (const { near, far } of this.#pairs) {
      near.unpipe();
      far.unpipe();
      near.pause();
      far.pause();
    }
  }

  mend(): void {
    this.#open = true;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
