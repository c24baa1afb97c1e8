import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/** Throws `message-empty` or `message-too-long`; the server checks again. */
export function checkText(text: string): void {
  if (text.trim() === '') throw new RtcDeskError('message-empty');
  if (text.length > limits.textLength) throw new RtcDeskError('message-too-long');
}

/**
 * Throws `image-too-large` or `image-not-supported` where size and declared type say so already. A file
 * without a type goes on: the server looks into it.
 */
export function checkImage(image: Blob): void {
  const picture = image.type === '' || /^image\/(?!svg)/i.test(image.type);
  if (!picture || image.size === 0) throw new RtcDeskError('image-not-supported');
  if (image.size > limits.imageBytes) throw new RtcDeskError('image-too-large');
}
