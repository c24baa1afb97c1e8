import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A segment on the disk is a row of frames, one for each slice, in their order:
 *
 *     bytes of the slice (4) · iv (12) · tag (16) · AES-256-GCM of the slice
 *
 * Segment and number of the slice are authenticated with it, so that no frame can stand in another's place.
 */
const LENGTH_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;
export const FRAME_OVERHEAD = LENGTH_BYTES + IV_BYTES + TAG_BYTES;

const boundTo = (segment: string, number: number): Buffer => Buffer.from(`${segment}/${number}`);

export function sealSlice(
  key: Uint8Array,
  segment: string,
  number: number,
  slice: Uint8Array,
): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(slice.length);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(boundTo(segment, number));
  const text = Buffer.concat([cipher.update(slice), cipher.final()]);
  return Buffer.concat([length, iv, cipher.getAuthTag(), text]);
}

interface Frame {
  /** Where the slice begins in the segment, and where its frame begins in the file. */
  readonly start: number;
  readonly position: number;
  readonly length: number;
}

/** Reads a segment anywhere, without ever holding more than one slice. For a thread: it reads synchronously. */
export class SegmentReader {
  readonly size: number;
  readonly #file: number;
  readonly #frames: Frame[] = [];
  #opened: { readonly number: number; readonly slice: Buffer } | null = null;

  constructor(
    path: string,
    private readonly key: Uint8Array,
    private readonly segment: string,
    slices: number,
  ) {
    this.#file = openSync(path, 'r');
    let [start, position] = [0, 0];
    while (this.#frames.length < slices) {
      const length = this.#readAt(position, LENGTH_BYTES).readUInt32BE();
      this.#frames.push({ start, position, length });
      start += length;
      position += FRAME_OVERHEAD + length;
    }
    this.size = start;
  }

  /** The bytes from `start` up to `end`, at most to the end of the segment. Throws if they were changed on the disk. */
  read(start: number, end: number): Uint8Array {
    const parts: Buffer[] = [];
    for (let at = start; at < Math.min(end, this.size);) {
      const number = this.#frameAt(at);
      const frame = this.#frames[number]!;
      const slice = this.#open(number);
      const part = slice.subarray(at - frame.start, end - frame.start);
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  close(): void {
    closeSync(this.#file);
  }

  #frameAt(offset: number): number {
    let [low, high] = [0, this.#frames.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#frames[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #open(number: number): Buffer {
    if (this.#opened?.number === number) return this.#opened.slice;
    const { position, length } = this.#frames[number]!;
    const frame = this.#readAt(position + LENGTH_BYTES, IV_BYTES + TAG_BYTES + length);
    const cipher = createDecipheriv('aes-256-gcm', this.key, frame.subarray(0, IV_BYTES));
    cipher.setAAD(boundTo(this.segment, number));
    cipher.setAuthTag(frame.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = frame.subarray(IV_BYTES + TAG_BYTES);
    const slice = Buffer.concat([cipher.update(text), cipher.final()]);
    this.#opened = { number, slice };
    return slice;
  }

  #readAt(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    const read = readSync(this.#file, buffer, 0, length, position);
    if (read < length) throw new Error('The segment is cut off.');
    return buffer;
  }
}
