import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Whose X-Forwarded-For counts: nobody's, that of so many hops before us, or that of these addresses. */
export type ProxyTrust = false | number | readonly string[];

/** Names for ranges, as other servers know them. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** A header that proxies lengthen is not read beyond this many addresses. */
const HOPS = 32;

/** Tells where a request comes from; the same for HTTP and for the upgrade of a socket. */
export class TrustedProxies {
  readonly #ranges = new BlockList();
  readonly #hops: number;

  constructor(trust: ProxyTrust) {
    this.#hops = typeof trust === 'number' ? trust : 0;
    if (typeof trust === 'object') {
      for (const range of trust.flatMap((name) => NAMED[name] ?? [name])) this.#add(range);
    }
  }

  /** Whether the word of this address, the `hop`th before us (0 is who connected), counts. */
  readonly trusts = (address: string, hop: number): boolean => {
    if (hop < this.#hops) return true;
    const plain = address.replace(/%.*$/, '');
    const family = isIP(plain);
    return family !== 0 && this.#ranges.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  };

  /** The nearest address whose word does not count: that of the client, or of a proxy nobody named. */
  clientAddress({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    let address = socket.remoteAddress ?? '';
    const forwarded = forwardedFor(headers);
    for (let hop = 0; this.trusts(address, hop); hop += 1) {
      const before = forwarded.pop()?.trim();
      // Whatever is no address says nothing about where it came from.
      if (before === undefined || isIP(before) === 0) break;
      address = before;
    }
    return address;
  }

  /** Whether somebody handed this request on whose word does not count. */
  cameThroughStranger({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
    const handedOn = headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'];
    return handedOn !== undefined && !this.trusts(socket.remoteAddress ?? '', 0);
  }

  #add(range: string): void {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    this.#ranges.addSubnet(address, bits ? Number(bits) : family === 'ipv4' ? 32 : 128, family);
  }
}

function forwardedFor(headers: IncomingMessage['headers']): string[] {
  const header = headers['x-forwarded-for'];
  return [header ?? []].flat().join(',').split(',').slice(-HOPS);
}
