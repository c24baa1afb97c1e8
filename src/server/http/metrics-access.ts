import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import { readBearer } from './bearer.ts';

/**
 * Checks who may read the metrics: a request with METRICS_TOKEN if that is set, else a program on this machine that
 * asks through no proxy. Throws `unauthorized` or `forbidden`.
 */
export function requireMetricsReader(
  request: FastifyRequest,
  token: string | null,
  proxies: TrustedProxies,
): void {
  if (token !== null) {
    if (timingSafeEqual(digest(readBearer(request)), digest(token))) return;
    throw new RtcDeskError('unauthorized', 'The metrics need METRICS_TOKEN as a bearer token.');
  }
  if (proxies.isLocal(request.raw)) return;
  throw new RtcDeskError(
    'forbidden',
    'Only this machine may read the metrics, through no proxy. Set METRICS_TOKEN to read them from elsewhere.',
  );
}

/** Digests have one length, so the comparison takes the same time for every token. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
