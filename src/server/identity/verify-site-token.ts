import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { siteSecret } from './site-secret.ts';

export interface SiteTokenRules {
  /** The `aud` that the token must have. */
  readonly audience: 'rtc-desk-agent' | 'rtc-desk-visitor' | 'rtc-desk-api';
  /** The site that must have signed it. Unset: any known site. */
  readonly site?: string;
  /** How far ahead `exp` may lie, in seconds. Unset: any time. */
  readonly maxLifetime?: number;
}

export interface SiteToken {
  readonly siteId: string;
  readonly subject: string;
  readonly claims: JWTPayload;
}

/** How far the clocks of two machines may differ, in seconds. */
const CLOCK_TOLERANCE = 10;
const MAX_TOKEN_LENGTH = 4096;
const MAX_SUBJECT_LENGTH = 128;
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/**
 * Verifies a JWT that a site's backend signed: HS256 only, with the secret of the site in `iss`, and with `aud`, `exp`
 * and `sub`. Rejects with `unauthorized`. The message is the same for every fault, so that an attacker learns nothing;
 * the error's cause says more.
 */
export async function verifySiteToken(
  db: Queryable,
  key: Uint8Array,
  token: string,
  rules: SiteTokenRules,
): Promise<SiteToken> {
  const issuer = readIssuer(token);
  if (rules.site !== undefined && issuer !== rules.site) throw refused();
  const { rows } = await db.query<{ secret_version: number }>(
    'select secret_version from sites where id = $1',
    [issuer],
  );
  const site = rows[0];
  if (!site) throw refused();
  const secret = new TextEncoder().encode(siteSecret(key, issuer, site.secret_version));
  const claims = await verify(token, secret, issuer, rules.audience);
  const { sub, exp = 0 } = claims;
  // jose checks that `sub` is there, not that it is a string.
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH) throw refused();
  if (CONTROL_CHARACTER.test(sub)) throw refused();
  const { maxLifetime } = rules;
  if (maxLifetime !== undefined && exp > Date.now() / 1000 + maxLifetime + CLOCK_TOLERANCE) {
    throw refused(new Error(`exp lies more than ${maxLifetime} s ahead`));
  }
  return { siteId: issuer, subject: sub, claims };
}

async function verify(
  token: string,
  secret: Uint8Array,
  issuer: string,
  audience: string,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: CLOCK_TOLERANCE,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(error);
    throw error;
  }
}

/** Unverified. It only says which site's secret to verify with. */
function readIssuer(token: string): string {
  if (token.length > MAX_TOKEN_LENGTH) throw refused();
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string' && /^[a-z0-9][a-z0-9-]{0,62}$/.test(iss)) return iss;
  } catch (error) {
    throw refused(error);
  }
  throw refused();
}

function refused(cause?: unknown): RtcDeskError {
  return new RtcDeskError('unauthorized', 'The token is wrong or has expired.', { cause });
}
