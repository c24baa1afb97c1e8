import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { RtcDeskError } from '../../protocol/errors.ts';

/** Signs a token that only this server reads. `expiresAt` in ms since 1970. */
export function signOwnToken(
  secret: KeyObject,
  audience: string,
  claims: JWTPayload,
  expiresAt: number,
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setExpirationTime(Math.floor(expiresAt / 1000))
    .sign(secret);
}

/** Rejects with `unauthorized`. */
export async function verifyOwnToken(
  secret: KeyObject,
  audience: string,
  token: string,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new RtcDeskError('unauthorized', 'The token is wrong or has expired.', { cause: error });
  }
}
