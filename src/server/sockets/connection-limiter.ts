import { Tally } from '../rate-limits/tally.ts';
import type { Rate, TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { AddressRates } from './message-rate-limit.ts';

/** How many sockets one node takes. Each node counts its own. */
export interface ConnectionLimits {
  readonly sockets: number;
  readonly socketsPerAddress: number;
}

/** Why a socket was refused, in the words of HTTP. */
export interface Refusal {
  readonly status: '429 Too Many Requests' | '503 Service Unavailable';
  readonly retryAfterSeconds: number;
}

/** Sockets without a hello; each lives for `limits.helloTimeout`. */
const MAX_HANDSHAKES = 2_000;
const FULL_RETRY_SECONDS = 10;
const HANDSHAKES_RETRY_SECONDS = 5;
/**
 * The bucket of an address holds as many tokens as it may have sockets, so that all of them can come back at once
 * after a restart. It fills again within 50 s, and by at least one token a second.
 */
const REFILL_SECONDS = 50;
/**
 * A twentieth of an address's sockets may send all that a person may: 50 of 1,000. In an office of 1,000 people
 * behind one address all may come back, ping, and restart a call's media in one moment (some 25 signals each, of the
 * 30,000), and 500 may ping at their usual pace (50 a second, of the 100). It is never below ten: if few sockets
 * are allowed, their number is the limit.
 */
const BUSY_SHARE = 20;
const MIN_BUSY_PEOPLE = 10;

/** Decides at the upgrade, before any memory is given to it, whether a socket is let in. */
export class ConnectionLimiter {
  readonly #addresses = new Tally();
  readonly #sites = new Tally();
  #sockets = 0;

  constructor(
    private readonly limits: ConnectionLimits,
    private readonly buckets: TokenBuckets,
  ) {}

  get addressRates(): AddressRates {
    const { socketsPerAddress } = this.limits;
    return {
      calls: this.#openingRate,
      people: Math.max(MIN_BUSY_PEOPLE, Math.ceil(socketsPerAddress / BUSY_SHARE)),
    };
  }

  /** Counts a socket of this address and returns the function that ends its count, or says why it is refused. */
  enter(address: string, handshakes: number): Refusal | (() => void) {
    if (this.#sockets >= this.limits.sockets) return unavailable(FULL_RETRY_SECONDS);
    if (handshakes >= MAX_HANDSHAKES) return unavailable(HANDSHAKES_RETRY_SECONDS);
    const wait = this.buckets.take(`${address} socket`, this.#openingRate);
    if (wait > 0) return { status: '429 Too Many Requests', retryAfterSeconds: wait };
    const leave = this.#addresses.add(address, this.limits.socketsPerAddress);
    if (!leave) return { status: '429 Too Many Requests', retryAfterSeconds: FULL_RETRY_SECONDS };
    this.#sockets += 1;
    return () => {
      this.#sockets -= 1;
      leave();
    };
  }

  /** Counts a socket of this site; null if there are `limit` already. The function ends its count. */
  enterSite(site: string, limit: number): (() => void) | null {
    return this.#sites.add(site, limit);
  }

  get #openingRate(): Rate {
    const { socketsPerAddress } = this.limits;
    return { burst: socketsPerAddress, perSecond: Math.max(1, socketsPerAddress / REFILL_SECONDS) };
  }
}

function unavailable(retryAfterSeconds: number): Refusal {
  return { status: '503 Service Unavailable', retryAfterSeconds };
}
