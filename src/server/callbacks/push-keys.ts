import { createECDH, createHmac } from 'node:crypto';

/** The keys with which the server signs to push services (VAPID), as base64url. */
export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/**
 * Derives the keys from the server's key: all nodes have the same ones, and nothing is stored. A browser that has
 * subscribed knows the public one.
 */
export function pushKeys(key: Uint8Array): PushKeys {
  const curve = createECDH('prime256v1');
  const secret = createHmac('sha256', key).update('web-push').digest();
  // Fails for numbers beyond the order of the curve: one of 2^32 keys.
  curve.setPrivateKey(secret);
  return {
    publicKey: curve.getPublicKey('base64url'),
    privateKey: secret.toString('base64url'),
  };
}
