import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Queryable } from '../database/database.ts';
import { verifySiteToken } from './verify-site-token.ts';

export interface VisitorIdentity {
  /** The site's own id of this customer: `sub`. */
  readonly id: string;
  /** The `name` claim, or else the id: a name that is not signed must not look verified. */
  readonly name: string;
}

/** In seconds. A page asks its backend for a new one with each visit. */
const MAX_LIFETIME = 24 * 60 * 60;

/** Who the visitor is, as the site's backend signed it. Rejects with `invalid-identity`. */
export async function verifyVisitorIdentity(
  db: Queryable,
  key: Uint8Array,
  siteId: string,
  jwt: string,
): Promise<VisitorIdentity> {
  try {
    const { subject, claims } = await verifySiteToken(db, key, jwt, {
      audience: 'rtc-desk-visitor',
      site: siteId,
      maxLifetime: MAX_LIFETIME,
    });
    return { id: subject, name: readName(claims.name) ?? subject.slice(0, limits.nameLength) };
  } catch (error) {
    if (!(error instanceof RtcDeskError)) throw error;
    throw new RtcDeskError('invalid-identity', 'The signed identity is wrong or has expired.', {
      cause: error,
    });
  }
}

function readName(claim: unknown): string | null {
  if (typeof claim !== 'string') return null;
  const name = claim.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return name === '' ? null : name.slice(0, limits.nameLength);
}
