import { SignJWT } from 'jose';
import { ED25519_ALGORITHM, ed25519Key } from '../identity/ed25519-key.ts';
import type { Erasure } from './erasure.ts';

/**
 * The certificate of a finished erasure: a JWT with what was deleted, when and by whose order. Anybody can verify it
 * with the public key, also after the server is gone.
 */
export async function signCertificate(
  key: Uint8Array,
  siteId: string,
  { id, kind, subjectHash, requestedBy, requestedAt, finishedAt, deleted, digest }: Erasure,
): Promise<string> {
  if (finishedAt === null) throw new Error('The erasure is not finished.');
  return new SignJWT({
    site: siteId,
    kind,
    subjectHash,
    requestedBy,
    requestedAt,
    finishedAt,
    deleted,
    digest,
  })
    .setProtectedHeader({ alg: ED25519_ALGORITHM, typ: 'erasure+jwt' })
    .setIssuer('rtc-desk')
    .setJti(id)
    .setIssuedAt(Math.floor(finishedAt / 1000))
    .sign(ed25519Key(key, 'erasure-certificate'));
}
