import type { IceServer } from '../../protocol/views.ts';
import type { Rate, TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { Tickets } from './tickets.ts';

/** Calls of one address that get TURN credentials before the agent accepts. A call beyond it gets them with its ticket. */
const RATE: Rate = { burst: 20, perSecond: 0.2 };

/**
 * The ICE servers of visitors whose call rings, so that a browser gathers candidates before the accept. Anybody can
 * make a call ring, so that credentials for TURN are limited by address.
 */
export class RingingIceServers {
  /** The call for which each connection has got credentials. */
  readonly #granted = new WeakMap<object, string>();

  constructor(
    private readonly tickets: Tickets,
    private readonly buckets: TokenBuckets,
  ) {}

  /** `now` is the database's clock. Undefined over the rate. */
  read(
    connection: { readonly origin: { readonly address: string } },
    callId: string,
    now: number,
  ): IceServer[] | undefined {
    const servers = this.tickets.iceServers(callId, now);
    if (servers.length === 0 || this.#granted.get(connection) === callId) return servers;
    if (this.buckets.take(`ringing-ice ${connection.origin.address}`, RATE) > 0) return undefined;
    this.#granted.set(connection, callId);
    return servers;
  }
}
