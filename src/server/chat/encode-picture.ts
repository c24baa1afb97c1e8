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

/** A picture as it is stored: encoded anew from its pixels, with nothing else of the uploaded file. */
export interface Picture {
  readonly type: 'image/webp';
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** By the bytes, never by the declared type. SVG is missing because it can run code. */
const TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/apng',
  'image/webp',
  'image/gif',
  'image/avif',
]);
const MAX_SIDE_PIXELS = 2_560;
/** Longer than any honest picture takes. */
const TIMEOUT_SECONDS = 15;
/** Pictures that are encoded at a time. Forty million pixels take 160 MB while they are encoded. */
const MAX_ENCODING = 2;
/** Pictures that wait for their turn. Further ones are refused. */
const MAX_WAITING = 16;
const RETRY_SECONDS = 5;

let encoding = 0;
const queue: (() => void)[] = [];

/**
 * Encodes an uploaded picture anew: upright, without metadata, at most 2,560 pixels long, and only the first frame of
 * an animation. Rejects with `image-not-supported`, with `image-too-large`, or with `rate-limited` if too many wait.
 */
export async function encodePicture(upload: Buffer): Promise<Picture> {
  if (upload.length > limits.imageBytes) throw tooLarge();
  const type = await fileTypeFromBuffer(upload);
  if (!type || !TYPES.has(type.mime)) throw notSupported();
  await takeTurn();
  try {
    return await encode(upload, type.mime === 'image/png' || type.mime === 'image/gif' ? 92 : 84);
  } finally {
    // The turn goes to the next in the queue directly, so that no newcomer takes it.
    const next = queue.shift();
    if (next) next();
    else encoding -= 1;
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
        width: MAX_SIDE_PIXELS,
        height: MAX_SIDE_PIXELS,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .toColourspace('srgb')
      .webp({ quality, effort: 3 })
      .timeout({ seconds: TIMEOUT_SECONDS })
      .toBuffer({ resolveWithObject: true });
    return { type: 'image/webp', width: info.width, height: info.height, bytes: data };
  } catch (error) {
    if (error instanceof RtcDeskError) throw error;
    throw notSupported(error);
  }
}

async function takeTurn(): Promise<void> {
  if (encoding < MAX_ENCODING) {
    encoding += 1;
    return;
  }
  if (queue.length >= MAX_WAITING) {
    throw new RetryLaterError(
      'rate-limited',
      'Too many pictures at the moment. Try again.',
      RETRY_SECONDS,
    );
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
