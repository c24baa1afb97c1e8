import type { Buckets, Rate } from '../guard/buckets.ts';
import { Tally } from '../guard/tally.ts';

/** How many sockets one node takes. Counted on each node for itself: what they cost is that node's. */
export interface DoorLimits {
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

/** Why a socket was not let in, as HTTP says it. */
export interface Refusal {
  readonly status: '429 Too Many Requests' | '503 Service Unavailable';
  /** In seconds. */
  readonly retryAfter: number;
}

/** Sockets that have not said who they are; each lives for `limits.helloTimeout`. */
const GREETING_LIMIT = 2_000;
/** After how long a node that is full may have room, and a greeting is over. */
const FULL = 10;
const GREETED = 5;
/**
 * An address whose sockets all come back at once (a restart of ours) finds the bucket full; one that goes
 * on opening sockets gets a fiftieth of its cap in each second, and at least one.
 */
const REFILL = 50;

/** Decides at the upgrade, before anything is made for it, whether a socket may come in. */
export class Door {
  readonly #addresses = new Tally();
  readonly #sites = new Tally();
  #inside = 0;

  constructor(
    private readonly limits: DoorLimits,
    private readonly buckets: Buckets,
  ) {}

  /** How often an address may open a socket, or ask for a call. */
  get addressRate(): Rate {
    const { socketsPerAddress } = this.limits;
    return { burst: socketsPerAddress, perSecond: Math.max(1, socketsPerAddress / REFILL) };
  }

  /** Lets a socket of this address in and returns the function that lets it out, or says why not. */
  enter(address: string, greeting: number): Refusal | (() => void) {
    if (this.#inside >= this.limits.sockets) return full(FULL);
    if (greeting >= GREETING_LIMIT) return full(GREETED);
    const wait = this.buckets.take(`${address} socket`, this.addressRate);
    if (wait > 0) return { status: '429 Too Many Requests', retryAfter: wait };
    const leave = this.#addresses.add(address, this.limits.socketsPerAddress);
    if (!leave) return { status: '429 Too Many Requests', retryAfter: FULL };
    this.#inside += 1;
    return () => {
      this.#inside -= 1;
      leave();
    };
  }

  /** A place among the sockets of a site; null where there is none. The function gives it back. */
  enterSite(site: string, limit: number): (() => void) | null {
    return this.#sites.add(site, limit);
  }
}

function full(retryAfter: number): Refusal {
  return { status: '503 Service Unavailable', retryAfter };
}
