import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';

// libvips refuses every other format, whatever the file claims to be.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
});
// Uploads rarely repeat, so a cache would only use memory.
sharp.cache(false);

/** A picture as it is kept: made anew from its pixels, with nothing of the file that it came in. */
export interface Picture {
  readonly type: 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** By what the bytes are, never by what somebody called them. SVG is a document that can run code. */
const TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/avif',
]);
const LONGEST_SIDE = 2_560;
/** Longer than any honest picture takes; in seconds. */
const SECONDS = 15;
/** Forty million pixels are 160 MB while they are worked on: so many pictures at a time. */
const AT_ONCE = 2;
/** So many more wait their turn; whoever comes then is to try again after so many seconds. */
const WAITING = 16;
const SOON = 5;

let running = 0;
const queue: (() => void)[] = [];

/**
 * Re-encodes an uploaded picture: upright, without metadata, at most 2,560 pixels long; of an animation
 * the first frame. Rejects with `image-not-supported`, `image-too-large`, or `rate-limited` where too
 * many are worked on already.
 */
export async function encodePicture(upload: Buffer): Promise<Picture> {
  if (upload.length > limits.imageBytes) throw tooLarge();
  const type = await fileTypeFromBuffer(upload);
  if (!type || !TYPES.has(type.mime)) throw notSupported();
  await takeTurn();
  try {
    return await encode(upload, type.mime === 'image/png' || type.mime === 'image/gif' ? 92 : 84);
  } finally {
    // Handed over, not given back: nobody who comes in between may take it.
    const next = queue.shift();
    if (next) next();
    else running -= 1;
  }
}

async function encode(upload: Buffer, quality: number): Promise<Picture> {
  try {
    const image = sharp(upload, { limitInputPixels: false, failOn: 'error', pages: 1 });
    const { width, height } = await image.metadata();
    if (width * height > limits.imagePixels) throw tooLarge();
    const { data, info } = await sharp(upload, {
      limitInputPixels: limits.imagePixels,
      failOn: 'error',
      pages: 1,
    })
      .autoOrient()
      .resize({
        width: LONGEST_SIDE,
        height: LONGEST_SIDE,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .toColourspace('srgb')
      .webp({ quality, effort: 3 })
      .timeout({ seconds: SECONDS })
      .toBuffer({ resolveWithObject: true });
    return { type: 'image/webp', width: info.width, height: info.height, bytes: data };
  } catch (error) {
    if (error instanceof RtcDeskError) throw error;
    throw notSupported(error);
  }
}

async function takeTurn(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1;
    return;
  }
  if (queue.length >= WAITING) {
    throw new RetryLaterError('rate-limited', 'Too many pictures at this moment; try again.', SOON);
  }
  await new Promise<void>((resolve) => queue.push(resolve));
}

function notSupported(cause?: unknown): RtcDeskError {
  return new RtcDeskError(
    'image-not-supported',
    'This is no JPEG, PNG, WebP, GIF or AVIF picture.',
    {
      cause,
    },
  );
}

function tooLarge(): RtcDeskError {
  return new RtcDeskError(
    'image-too-large',
    `A picture may have ${limits.imageBytes} bytes and ${limits.imagePixels} pixels.`,
  );
}
