import type { PicturePart } from '../../protocol/past-call.ts';

/** In base64 it is well below what a socket may have to send. */
const PART_BYTES = 96 * 1024;

/** The part of a picture that begins at `offset`. */
export function picturePart(picture: Uint8Array, offset: number): PicturePart {
  const part = Buffer.from(picture.subarray(offset, offset + PART_BYTES));
  return { data: part.toString('base64'), total: picture.length };
}
