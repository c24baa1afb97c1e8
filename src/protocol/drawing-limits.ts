/** The numbers of drawings that client and server share. A whole drawing stays below 48 KiB. */
export const drawingLimits = {
  marks: 40,
  /** Points of a free line. */
  linePoints: 64,
  /** A text on a picture, in characters. */
  textLength: 80,
  /** Points are rounded to this many decimals: a tenth of a pixel in a picture of 1,000. */
  decimals: 4,
} as const;
