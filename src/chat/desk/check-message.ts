import type { Picture } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Throws `message-empty` or `message-too-long`. The server checks again. */
export function checkText(text: string): void {
  if (text.trim() === '') throw new RtcDeskError('message-empty');
  if (text.length > limits.textLength) throw new RtcDeskError('message-too-long');
}

/**
 * Throws `image-too-large` or `image-not-supported` if the size or the declared type already says so. A file
 * without a type passes: the server examines it.
 */
export function checkImage({ type, size }: Picture): void {
  const picture = type === '' || /^image\/(?!svg)/i.test(type);
  if (!picture || size === 0) throw new RtcDeskError('image-not-supported');
  if (size > limits.imageBytes) throw new RtcDeskError('image-too-large');
}
