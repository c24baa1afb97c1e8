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

/** What a sealed file is bound to. */
interface SealedFile {
  readonly key: Uint8Array;
  readonly name: string;
  /** Of what is inside. */
  readonly size: number;
}

/** The sealed bytes, wherever they are. */
export interface SealedSource {
  /** The bytes from `start` up to `end`: exactly so many. */
  read(start: number, end: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** The sealed bytes were changed or cut off. */
export class SealedFileDamaged extends Error {
  override readonly name = 'SealedFileDamaged';
}

/** How many blocks are read at a time. */
const READ_BLOCKS = 16;

/** How large a file is on the disk, if this much is inside. */
export const sealedBytes = (size: number): number =>
  size + Math.ceil(size / BLOCK_BYTES) * OVERHEAD;

const boundTo = ({ name, size }: SealedFile, block: number): Buffer =>
  Buffer.from(`${name}/${size}/${block}`);

/** Writes the file, block by block, and flushes it to the disk. For a thread: it is synchronous. */
export function writeSealed(
  file: SealedFile & { readonly path: string },
  blocks: Iterable<Uint8Array>,
): void {
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

/** A file on the disk. Rejects with an error of Node. */
export async function openFileSource(path: string): Promise<SealedSource> {
  const handle = await open(path);
  return {
    read: async (start, end) => {
      const bytes = Buffer.alloc(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new SealedFileDamaged('The recording is cut off.');
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** The bytes inside, from `start` up to `end`. Fails with SealedFileDamaged. Closes the source. */
export async function* readSealed(
  file: SealedFile,
  source: SealedSource,
  start: number,
  end: number,
): AsyncGenerator<Buffer, void, void> {
  try {
    const blocks = Math.ceil(end / BLOCK_BYTES);
    for (let first = Math.floor(start / BLOCK_BYTES); first < blocks; first += READ_BLOCKS) {
      const last = Math.min(first + READ_BLOCKS, blocks);
      const from = first * (OVERHEAD + BLOCK_BYTES);
      const to = Math.min(last * (OVERHEAD + BLOCK_BYTES), sealedBytes(file.size));
      const sealed = await source.read(from, to);
      for (let number = first; number < last; number += 1) {
        const block = openBlock(
          file,
          number,
          sealed.subarray((number - first) * (OVERHEAD + BLOCK_BYTES)),
        );
        const at = number * BLOCK_BYTES;
        yield block.subarray(Math.max(0, start - at), end - at);
      }
    }
  } finally {
    await source.close();
  }
}

/** The block at the beginning of these bytes. */
function openBlock(file: SealedFile, number: number, sealed: Buffer): Buffer {
  const length = Math.min(BLOCK_BYTES, file.size - number * BLOCK_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', file.key, sealed.subarray(0, IV_BYTES));
  cipher.setAAD(boundTo(file, number));
  cipher.setAuthTag(sealed.subarray(IV_BYTES, OVERHEAD));
  const text = cipher.update(sealed.subarray(OVERHEAD, OVERHEAD + length));
  try {
    cipher.final();
  } catch (error) {
    throw new SealedFileDamaged('The recording was changed.', { cause: error });
  }
  return text;
}
