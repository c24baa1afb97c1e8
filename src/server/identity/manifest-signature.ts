import { calculateJwkThumbprint, CompactSign } from 'jose';
import { ED25519_ALGORITHM, ed25519Key, ed25519PublicKey } from './ed25519-key.ts';

/** What is signed. A signature of one type is never accepted for the other. */
export type ManifestType = 'recording+json' | 'case-file+json';

/** A JWS whose payload is the text. Its header names the type, and the key by its thumbprint (RFC 7638). */
export async function signManifest(
  serverKey: Uint8Array,
  type: ManifestType,
  text: string,
): Promise<string> {
  const kid = await calculateJwkThumbprint(await ed25519PublicKey(serverKey, 'recording-manifest'));
  return new CompactSign(Buffer.from(text))
    .setProtectedHeader({ alg: ED25519_ALGORITHM, typ: type, kid })
    .sign(ed25519Key(serverKey, 'recording-manifest'));
}
