import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';

/** The token of `Authorization: Bearer …`. Throws `unauthorized` if the header is missing or malformed. */
export function readBearer({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(headers.authorization ?? '');
  if (!match?.[1]) throw new RtcDeskError('unauthorized', 'A bearer token is needed.');
  return match[1];
}
