import type { TokenBuckets, Rate } from '../rate-limits/token-buckets.ts';

/** Generous to every honest client: a mesh of six that restarts ICE sends some 200 signals at once. */
const RATES: Readonly<Record<string, Rate>> = {
  signal: { burst: 600, perSecond: 100 },
  typing: { burst: 20, perSecond: 2 },
  ping: { burst: 30, perSecond: 2 },
  'chat-send': { burst: 60, perSecond: 10 },
  'chat-read': { burst: 60, perSecond: 10 },
  'chat-history': { burst: 100, perSecond: 20 },
};
const COMMAND_RATE: Rate = { burst: 40, perSecond: 5 };
/** What was refused, for whatever reason: one that goes on is no client of ours. */
const REFUSED_RATE: Rate = { burst: 30, perSecond: 1 };

/** What may come from one address, however many sockets and people there are behind it. */
export interface AddressRates {
  /** Of sockets and of wishes for a call, of which each could come with another person. */
  readonly calls: Rate;
  /** Of every type of message it may send what so many people may who all use theirs up. */
  readonly people: number;
}

/** How much more may come through a socket, of each type of message. */
export class MessageAllowance {
  constructor(
    private readonly buckets: TokenBuckets,
    private readonly connection: string,
    private readonly address: string,
    private readonly addressRates: AddressRates,
  ) {}

  /**
   * Counts one more of this type: for the person (`identity`), over all sockets of this node, or for the
   * socket alone as long as nobody knows whose it is; and for the address, so that nobody is given more by
   * opening many sockets. Answers 0, or after how many seconds there may be one.
   */
  take(type: string, identity: string | null): number {
    const rate = RATES[type] ?? COMMAND_RATE;
    const wait = this.buckets.take(`${identity ?? this.connection} ${type}`, rate);
    if (wait > 0) return wait;
    const { calls, people } = this.addressRates;
    const most = type === 'request-call' ? calls : times(rate, people);
    return this.buckets.take(`${this.address} ${type}`, most);
  }

  /**
   * Counts a refusal; false once there were too many, and the socket should be closed. For the socket alone:
   * the next one costs the address a token of those that open sockets, and nobody beside it is closed for it.
   */
  takeRefusal(): boolean {
    return this.buckets.take(`${this.connection} refused`, REFUSED_RATE) === 0;
  }
}

function times({ burst, perSecond }: Rate, people: number): Rate {
  return { burst: burst * people, perSecond: perSecond * people };
}
