import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import { readBearer } from './bearer.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Who may read the figures: whoever brings METRICS_TOKEN where it is set, else this machine alone. What a
 * proxy on this machine hands on is not from this machine, whether the proxy was named or not. Throws
 * `unauthorized` or `forbidden`.
 */
export function requireMetricsReader(
  request: FastifyRequest,
  token: string | null,
  proxies: TrustedProxies,
): void {
  if (token !== null) {
    if (timingSafeEqual(digest(readBearer(request)), digest(token))) return;
    throw new RtcDeskError('unauthorized', 'The metrics ask for METRICS_TOKEN as a bearer.');
  }
  const address = proxies.clientAddress(request.raw);
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (!proxies.cameThroughUnknownProxy(request.raw) && loopback.check(address, family)) return;
  throw new RtcDeskError(
    'forbidden',
    'The metrics are for this machine; elsewhere set METRICS_TOKEN.',
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
