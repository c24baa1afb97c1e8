import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { exportJWK, SignJWT, type JWK } from 'jose';
import { deriveKey } from '../identity/derive-key.ts';
import type { Erasure } from './erasure.ts';

/** The fixed beginning of a PKCS #8 file with an Ed25519 key (RFC 8410); the 32 bytes of the key follow. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ALGORITHM = 'EdDSA';

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
    .setProtectedHeader({ alg: ALGORITHM, typ: 'erasure+jwt' })
    .setIssuer('rtc-desk')
    .setJti(id)
    .setIssuedAt(Math.floor(finishedAt / 1000))
    .sign(signingKey(key));
}

/** The public key by which certificates are verified. */
export async function certificateKey(key: Uint8Array): Promise<JWK> {
  return {
    ...(await exportJWK(createPublicKey(signingKey(key)))),
    alg: ALGORITHM,
    use: 'sig',
  };
}

/** Derived from the server's key, so that it is stored nowhere and is the same on every node. */
function signingKey(key: Uint8Array): KeyObject {
  const seed = deriveKey(key, 'erasure-certificate').export();
  return createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}
