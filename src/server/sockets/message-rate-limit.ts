import type { Rate, TokenBuckets } from '../rate-limits/token-buckets.ts';

/** No honest client reaches these: a mesh of six that restarts ICE sends some 200 signals at once. */
const RATES: Readonly<Record<string, Rate>> = {
  signal: { burst: 600, perSecond: 100 },
  typing: { burst: 20, perSecond: 2 },
  ping: { burst: 30, perSecond: 2 },
  'chat-send': { burst: 60, perSecond: 10 },
  'chat-read': { burst: 60, perSecond: 10 },
  'chat-history': { burst: 100, perSecond: 20 },
  'offer-hand-over': { burst: 10, perSecond: 0.2 },
  'take-hand-over': { burst: 10, perSecond: 0.2 },
  // A laser pointer sends ten a second.
  point: { burst: 60, perSecond: 20 },
  'change-drawing': { burst: 60, perSecond: 10 },
  'request-device-action': { burst: 10, perSecond: 0.5 },
  // A line every two seconds.
  'add-caption': { burst: 30, perSecond: 2 },
  'answer-device-request': { burst: 20, perSecond: 1 },
};
const COMMAND_RATE: Rate = { burst: 40, perSecond: 5 };
const REFUSAL_RATE: Rate = { burst: 30, perSecond: 1 };

/** What may come from one address, over all its sockets and people. */
export interface AddressRates {
  /** For sockets and for requests of calls, each of which may come from another person. */
  readonly calls: Rate;
  /** For each other type of message: as much as so many people may send. */
  readonly people: number;
}

/** How many more messages may come through one socket. */
export class MessageRateLimit {
  constructor(
    private readonly buckets: TokenBuckets,
    private readonly connection: string,
    private readonly address: string,
    private readonly addressRates: AddressRates,
  ) {}

  /**
   * Counts a message of this type. It counts for the person (`identity`, over all sockets of this node; before the
   * person is known, for the socket) and for the address, so that nobody may send more by opening many sockets.
   * Answers with 0, or with the seconds after which the next one may come.
   */
  take(type: string, identity: string | null): number {
    const rate = RATES[type] ?? COMMAND_RATE;
    const wait = this.buckets.take(`${identity ?? this.connection} ${type}`, rate);
    if (wait > 0) return wait;
    const { calls, people } = this.addressRates;
    const ofAddress = type === 'request-call' ? calls : times(rate, people);
    return this.buckets.take(`${this.address} ${type}`, ofAddress);
  }

  /**
   * Counts a refusal of this socket; false if there were too many, and the socket should be closed. It does not
   * count for the address, so that nobody else behind it is closed: the next socket costs it a token anyway.
   */
  takeRefusal(): boolean {
    return this.buckets.take(`${this.connection} refused`, REFUSAL_RATE) === 0;
  }
}

function times({ burst, perSecond }: Rate, people: number): Rate {
  return { burst: burst * people, perSecond: perSecond * people };
}
