import { scryptSync } from 'node:crypto';

/** If this file is, for the thread pool. */
export const passwordThreadUrl = import.meta.url;

export interface DeriveTask {
  readonly password: string;
  readonly salt: Uint8Array;
  readonly bytes: number;
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
}

/**
 * Runs in a thread of `PasswordThreads`. The synchronous function keeps this thread busy. The asynchronous one would
 * take one of the four threads in which Node reads files and compresses for the whole process.
 */
export default function derive({ password, salt, bytes, cost }: DeriveTask): Uint8Array {
  return scryptSync(password, salt, bytes, { ...cost, maxmem: 2 * 128 * cost.N * cost.r });
}
