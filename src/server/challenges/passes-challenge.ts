import type { Logger } from 'pino';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChallengeProvider } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { ChallengeAnswer, ChallengeVerifiers } from './challenge.ts';
import { Turnstile } from './turnstile.ts';

export const challengeVerifiers: ChallengeVerifiers = { turnstile: new Turnstile() };

interface ChallengeContext {
  readonly database: Queryable;
  readonly challenges: ChallengeVerifiers;
  readonly logger: Pick<Logger, 'warn'>;
}

const READ = `
select challenge ->> 'provider' as provider, challenge ->> 'secretKey' as "secretKey"
  from sites where id = $1 and challenge is not null`;

/**
 * Whether this is a right answer to the site's challenge; false for a site without one. Rejects with `server-error`
 * if the service could not be asked: nobody gets in without a check.
 */
export async function passesChallenge(
  { database, challenges, logger }: ChallengeContext,
  siteId: string,
  given: Omit<ChallengeAnswer, 'secretKey'>,
): Promise<boolean> {
  const { rows } = await database.query<{ provider: ChallengeProvider; secretKey: string }>(READ, [
    siteId,
  ]);
  const [challenge] = rows;
  if (!challenge) return false;
  const { provider, secretKey } = challenge;
  try {
    return await challenges[provider].verify({ ...given, secretKey });
  } catch (error) {
    logger.warn({ err: error, site: siteId, provider }, 'a challenge could not be verified');
    throw new RtcDeskError('server-error', 'The challenge could not be verified.', {
      cause: error,
    });
  }
}
