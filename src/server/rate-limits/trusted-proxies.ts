import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';
import ipaddr from 'ipaddr.js';
import { isLoopback } from './address-key.ts';

/**
 * Which proxies' X-Forwarded-For counts: none, that of so many hops before this server, or that of these addresses
 * and ranges. `loopback`, `linklocal` and `uniquelocal` are ranges too.
 */
export type ProxyTrust = false | number | readonly string[];

/** X-Forwarded-For is not read beyond this many addresses. */
const MAX_HOPS = 32;
/** Only proxies and content networks send these. */
const PROXY_HEADER =
  /^(forwarded|via|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|cf-.*|cdn-loop)$/;
const LOCAL_HOST = /^(([a-z0-9-]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Tells from which address a request comes; the same for HTTP and for the upgrade of a socket. */
export class TrustedProxies {
  readonly #trusts: (address: string, hop: number) => boolean;

  constructor(trust: ProxyTrust) {
    if (typeof trust === 'object') this.#trusts = proxyAddr.compile([...trust]);
    else this.#trusts = (_address, hop) => hop < Number(trust);
  }

  /** Whether the header of this address counts. `hop` 0 is who connected, 1 the address before. */
  readonly trusts = (address: string, hop: number): boolean =>
    hop < MAX_HOPS && this.#trusts(address, hop);

  /** The nearest address that is not a trusted proxy. */
  clientAddress(request: Pick<IncomingMessage, 'socket' | 'headers'>): string {
    const [connected = '', ...forwarded] = proxyAddr.all(request as IncomingMessage, this.trusts);
    // Entries that are no addresses, and everything before them, do not count.
    const end = forwarded.findIndex((address) => !ipaddr.isValid(address));
    return forwarded.slice(0, end === -1 ? undefined : end).at(-1) ?? connected;
  }

  /**
   * Whether a program on this machine asks, and no proxy in between. A proxy that adds no header of its own is known
   * by the name under which it was asked, or by its old version of HTTP. One that hides all of this cannot be known.
   */
  isLocal({ socket, headers, httpVersion }: IncomingMessage): boolean {
    return (
      isLoopback(socket.remoteAddress ?? '') &&
      !Object.keys(headers).some((name) => PROXY_HEADER.test(name)) &&
      LOCAL_HOST.test(headers.host ?? '') &&
      httpVersion !== '1.0'
    );
  }

  /** Whether a proxy that is not trusted has forwarded the request. */
  cameThroughUnknownProxy({
    socket,
    headers,
  }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
    const forwarded = headers['x-forwarded-for'] ?? headers['forwarded'] ?? headers['x-real-ip'];
    return forwarded !== undefined && !this.trusts(socket.remoteAddress ?? '', 0);
  }
}
