import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { siteSecret } from './site-secret.ts';

export interface SiteTokenRules {
  /** Whom the token is for; one made for another is refused. */
  readonly audience: 'rtc-desk-agent' | 'rtc-desk-visitor' | 'rtc-desk-api';
  /** The only site that may have signed it; any known site where it is left out. */
  readonly site?: string;
  /** How far ahead `exp` may lie, in seconds; without: any time. */
  readonly longest?: number;
}

export interface SiteToken {
  readonly siteId: string;
  readonly subject: string;
  readonly claims: JWTPayload;
}

/** Two clocks may differ by this much; in seconds. */
const TOLERANCE = 10;
const LONGEST_TOKEN = 4096;
const LONGEST_SUBJECT = 128;
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * Verifies a JWT that a site's backend signed: HS256 and nothing else, by the secret of the site in
 * `iss`, with `aud`, `exp` and `sub`. Rejects with `unauthorized`, whatever was wrong with it: who
 * tries out tokens learns nothing. The cause says it.
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
  if (!sub || sub.length > LONGEST_SUBJECT || CONTROL.test(sub)) throw refused();
  if (rules.longest !== undefined && exp > Date.now() / 1000 + rules.longest + TOLERANCE) {
    throw refused(new Error(`exp lies more than ${rules.longest} s ahead`));
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
      clockTolerance: TOLERANCE,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) throw refused(error);
    throw error;
  }
}

/** Unverified: it only says by whose secret to verify. */
function readIssuer(token: string): string {
  if (token.length > LONGEST_TOKEN) throw refused();
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
