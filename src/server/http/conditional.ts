import type { FastifyReply, FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import { ANY_VERSION, versionOf } from '../configuration/version.ts';

const ETAG = /^"([A-Za-z0-9_-]{1,64})"$/;

/** The version in If-Match, or `*`. Throws `precondition-required`, and `bad-message` for something else. */
export function readIfMatch({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const header = headers['if-match'];
  if (header === undefined) {
    throw new RestError(
      'precondition-required',
      'Send the ETag of what you have read as If-Match, so that nothing of others is overwritten.',
    );
  }
  if (header === ANY_VERSION) return ANY_VERSION;
  const version = ETAG.exec(header)?.[1];
  if (version === undefined) throw new RtcDeskError('bad-message', 'If-Match must be one ETag.');
  return version;
}

/** Sets the ETag to the version of what is configured. */
export function setVersion(reply: Pick<FastifyReply, 'header'>, configured: object): void {
  void reply.header('etag', `"${versionOf(configured)}"`);
}
