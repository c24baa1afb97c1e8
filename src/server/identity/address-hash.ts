import { createHmac } from 'node:crypto';
import { deriveKey } from './derive-key.ts';

/** What the database counts an address's calls by: the address itself is nowhere, and cannot be had from it. */
export function addressHash(key: Uint8Array, address: string): bigint {
  const hash = createHmac('sha256', deriveKey(key, 'caller')).update(address).digest();
  return hash.readBigInt64BE();
}
