import type { Quality } from './media.ts';

/**
 * The SDK's 1 (excellent), 2 (good), 3 (average), 4 (poor), 5 (very poor) are our 5 to 1; both its 0 (unknown) and its
 * 6 (disconnected) are our 0, nothing known or nothing arrives.
 */
export function trtcQuality(value: number): Quality {
  return (value >= 1 && value <= 5 ? 6 - value : 0) as Quality;
}
