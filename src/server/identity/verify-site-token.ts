import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { siteSecret } from './site-secret.ts';

export interface SiteTokenRules {
  /** The `aud` that the token must have. */
  readonly audience: 'rtc-desk-agent' | 'rtc-desk-visitor' | 'rtc-desk-api';
  /** The site that must have signed it. Unset: any known site. */
  readonly site?: string;
  /** How far ahead `exp` may lie, in seconds. */
  readonly maxLifetime: number;
}

export interface SiteToken {
  readonly siteId: string;
  readonly subject: string;
  /** Of the secret that signed it. */
  readonly secretVersion: number;
  /** When it expires, in seconds since 1970. */
  readonly expiresAt: number;
  readonly claims: JWTPayload;
}

/** How far the clocks of two machines may differ, in seconds. */
const CLOCK_TOLERANCE = 10;
const MAX_TOKEN_LENGTH = 4096;
const MAX_SUBJECT_LENGTH = 128;
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/** The version before counts while the overlap after a rotation lasts. */
const READ_VERSIONS = `
select array_remove(array[secret_version, case when previous_secret_until > now() then secret_version - 1 end], null)
       as versions
  from sites where id = $1`;

/**
 * Verifies a JWT that a site's backend signed: HS256 only, with a secret of the site in `iss`, and with `aud`, `exp`
 * and `sub`. Rejects with `invalid-identity` for a `sub` that is no text, and with `unauthorized` for every other
 * fault. That message is always the same, so that an attacker learns nothing; the error's cause says more.
 */
export async function verifySiteToken(
  db: Queryable,
  key: Uint8Array,
  token: string,
  rules: SiteTokenRules,
): Promise<SiteToken> {
  const issuer = readIssuer(token);
  if (rules.site !== undefined && issuer !== rules.site) throw refused();
  const { rows } = await db.query<{ versions: number[] }>(READ_VERSIONS, [issuer]);
  const [site] = rows;
  if (!site) throw refused();
  const { claims, version } = await verifyWithAny(site.versions, (candidate) =>
    verify(token, siteSecret(key, issuer, candidate), issuer, rules.audience),
  );
  const { sub, exp = 0 } = claims;
  requireSubject(sub);
  const { maxLifetime } = rules;
  if (exp > Date.now() / 1000 + maxLifetime + CLOCK_TOLERANCE) {
    throw refused(new Error(`exp lies more than ${maxLifetime} s ahead`));
  }
  return { siteId: issuer, subject: sub, claims, secretVersion: version, expiresAt: exp };
}

/** jose checks that `sub` is there, not that it is text. */
function requireSubject(sub: unknown): asserts sub is string {
  if (typeof sub !== 'string') {
    throw new RtcDeskError('invalid-identity', 'The token’s sub must be a text.');
  }
  if (sub === '' || sub.length > MAX_SUBJECT_LENGTH || CONTROL_CHARACTER.test(sub)) throw refused();
}

/** Rejects with the last secret's refusal. */
async function verifyWithAny(
  versions: readonly number[],
  verifyWith: (version: number) => Promise<JWTPayload>,
): Promise<{ readonly claims: JWTPayload; readonly version: number }> {
  let refusal: unknown = refused();
  for (const version of versions) {
    try {
      return { claims: await verifyWith(version), version };
    } catch (error) {
      if (!(error instanceof RtcDeskError)) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

async function verify(
  token: string,
  secret: string,
  issuer: string,
  audience: string,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
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
