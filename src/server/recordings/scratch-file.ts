import { createCipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 16;

/**
 * A file for one piece of work, which can be written and read anywhere. It is encrypted with a key that only this object
 * knows, so that what a process that dies leaves behind is of no use to anybody. For a thread: it is synchronous.
 */
export class ScratchFile {
  readonly #key = randomBytes(32);
  readonly #file: number;
  size = 0;

  constructor(private readonly path: string) {
    this.#file = openSync(path, 'wx+', 0o600);
  }

  write(position: number, bytes: Uint8Array): void {
    const text = this.#apply(position, bytes);
    for (let done = 0; done < text.length;) {
      done += writeSync(this.#file, text, done, text.length - done, position + done);
    }
    this.size = Math.max(this.size, position + bytes.length);
  }

  /** At most to the end. */
  read(position: number, length: number): Buffer {
    const text = Buffer.alloc(Math.min(length, this.size - position));
    let done = 0;
    while (done < text.length) {
      const read = readSync(this.#file, text, done, text.length - done, position + done);
      if (read === 0) throw new Error('The file is shorter than what was written.');
      done += read;
    }
    return this.#apply(position, text);
  }

  delete(): void {
    closeSync(this.#file);
    rmSync(this.path, { force: true });
  }

  /** AES in counter mode: the same in both directions. */
  #apply(position: number, bytes: Uint8Array): Buffer {
    const skipped = position % BLOCK_BYTES;
    const counter = Buffer.alloc(BLOCK_BYTES);
    counter.writeBigUInt64BE(BigInt((position - skipped) / BLOCK_BYTES), BLOCK_BYTES - 8);
    const cipher = createCipheriv('aes-256-ctr', this.#key, counter);
    cipher.update(Buffer.alloc(skipped));
    return cipher.update(bytes);
  }
}
