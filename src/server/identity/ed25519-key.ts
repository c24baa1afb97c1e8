import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK } from 'jose';
import { deriveKey } from './derive-key.ts';

/** The fixed beginning of a PKCS #8 file with an Ed25519 key (RFC 8410); the 32 bytes of the key follow. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
export const ED25519_ALGORITHM = 'EdDSA';

export type Ed25519Purpose = 'erasure-certificate' | 'recording-manifest';

/** The private key. It is derived from the server's key, so that it is stored nowhere and is the same on every node. */
export function ed25519Key(key: Uint8Array, purpose: Ed25519Purpose): KeyObject {
  const seed = deriveKey(key, purpose).export();
  return createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** The public key by which everybody verifies what was signed. */
export async function ed25519PublicKey(key: Uint8Array, purpose: Ed25519Purpose): Promise<JWK> {
  return {
    ...(await exportJWK(createPublicKey(ed25519Key(key, purpose)))),
    alg: ED25519_ALGORITHM,
    use: 'sig',
  };
}
