import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A file that can be played, as it is on the disk: blocks of 64 KiB, each
 *
 *     iv (12) · tag (16) · AES-256-GCM of the block
 *
 * The file's name, its size and the number of the block are authenticated with it: no block can stand in another's
 * place, and none can be missing.
 */
export const BLOCK_BYTES = 64 * 1024;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD = IV_BYTES + TAG_BYTES;

interface SealedFile {
  readonly path: string;
  readonly key: Uint8Array;
  readonly name: string;
  /** Of what is inside. */
  readonly size: number;
}

const boundTo = ({ name, size }: SealedFile, block: number): Buffer =>
  Buffer.from(`${name}/${size}/${block}`);

/** Writes the file, block by block, and flushes it to the disk. For a thread: it is synchronous. */
export function writeSealed(file: SealedFile, blocks: Iterable<Uint8Array>): void {
  const handle = openSync(file.path, 'wx', 0o600);
  try {
    let number = 0;
    for (const block of blocks) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', file.key, iv);
      cipher.setAAD(boundTo(file, number));
      const text = Buffer.concat([cipher.update(block), cipher.final()]);
      const sealed = Buffer.concat([iv, cipher.getAuthTag(), text]);
      for (let done = 0; done < sealed.length;) done += writeSync(handle, sealed, done);
      number += 1;
    }
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** The bytes from `start` up to `end`. Fails if the file was changed on the disk. */
export async function* readSealed(
  file: SealedFile,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void, void> {
  const handle = await open(file.path);
  try {
    for (let at = start; at < end;) {
      const number = Math.floor(at / BLOCK_BYTES);
      const first = number * BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES, file.size - first);
      const sealed = Buffer.alloc(OVERHEAD + length);
      const position = number * (OVERHEAD + BLOCK_BYTES);
      const { bytesRead } = await handle.read(sealed, 0, sealed.length, position);
      if (bytesRead < sealed.length) throw new Error('The recording is cut off.');
      const cipher = createDecipheriv('aes-256-gcm', file.key, sealed.subarray(0, IV_BYTES));
      cipher.setAAD(boundTo(file, number));
      cipher.setAuthTag(sealed.subarray(IV_BYTES, OVERHEAD));
      const block = Buffer.concat([cipher.update(sealed.subarray(OVERHEAD)), cipher.final()]);
      const part = block.subarray(at - first, end - first);
      yield part;
      at += part.length;
    }
  } finally {
    await handle.close();
  }
}
