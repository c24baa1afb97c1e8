import { createHmac } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

/**
 * The keyed hash by which the database counts the calls of an address. The address itself is not stored and cannot be
 * computed from the hash without the server's key.
 */
export function addressHash(key: Uint8Array, address: string): bigint {
  const hash = createHmac('sha256', deriveKey(key, 'address-hash')).update(address).digest();
  return hash.readBigInt64BE();
}
