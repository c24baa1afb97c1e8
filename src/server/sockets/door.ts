import type { TokenBuckets, Rate } from '../rate-limits/token-buckets.ts';
import { Tally } from '../rate-limits/tally.ts';
import type { AddressRates } from './message-allowance.ts';

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
/**
 * Of an address's sockets a twentieth may each send all that a person may: 50 of 1,000. Of an office with that many
 * behind one address everybody may come back, ping and restart a call's media in one moment (some 25 signals each
 * of the 30,000), and 500 may ping as often as they do (50 a second of the 100). Never fewer than ten, so that where
 * few sockets are allowed, the cap on those is what counts.
 */
const BUSY_PART = 20;
const BUSY_LEAST = 10;

/** Decides at the upgrade, before anything is made for it, whether a socket may come in. */
export class Door {
  readonly #addresses = new Tally();
  readonly #sites = new Tally();
  #inside = 0;

  constructor(
    private readonly limits: DoorLimits,
    private readonly buckets: TokenBuckets,
  ) {}

  get addressRates(): AddressRates {
    const { socketsPerAddress } = this.limits;
    return {
      calls: this.#openingRate,
      people: Math.max(BUSY_LEAST, Math.ceil(socketsPerAddress / BUSY_PART)),
    };
  }

  /** Lets a socket of this address in and returns the function that lets it out, or says why not. */
  enter(address: string, greeting: number): Refusal | (() => void) {
    if (this.#inside >= this.limits.sockets) return full(FULL);
    if (greeting >= GREETING_LIMIT) return full(GREETED);
    const wait = this.buckets.take(`${address} socket`, this.#openingRate);
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

  get #openingRate(): Rate {
    const { socketsPerAddress } = this.limits;
    return { burst: socketsPerAddress, perSecond: Math.max(1, socketsPerAddress / REFILL) };
  }
}

function full(retryAfter: number): Refusal {
  return { status: '503 Service Unavailable', retryAfter };
}
