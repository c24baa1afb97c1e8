/**
 * Where a point of a video's frame is on the page, and back. A tile shows the frame whole or filling (object-fit), and
 * transforms it around its middle: mirrored, turned, enlarged, moved. Points of the frame are shares from 0 to 1, so
 * that both sides mark the same thing whatever their tiles look like.
 */
import type { Point } from '../../../call/picture-tools-control.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** CSS pixels from the upper left corner of the tile. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** As in DOMMatrix: x' = a x + c y + e, y' = b x + d y + f. */
export interface Matrix {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export interface Placement {
  /** The tile, in CSS pixels. */
  readonly tile: Size;
  /** The frame, in pixels of the video. */
  readonly frame: Size;
  readonly fit: 'contain' | 'cover';
  /** Around the tile's middle. */
  readonly matrix: Matrix;
}

export const UNCHANGED: Matrix = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

/** The frame in the tile, before the transformation. */
function fitted({ tile, frame, fit }: Placement): Size {
  const across = tile.width / frame.width;
  const down = tile.height / frame.height;
  const scale = fit === 'contain' ? Math.min(across, down) : Math.max(across, down);
  return { width: frame.width * scale, height: frame.height * scale };
}

export function toPixel(placement: Placement, [across = 0, down = 0]: Point): Pixel {
  const { width, height } = fitted(placement);
  const { a, b, c, d, e, f } = placement.matrix;
  const x = (across - 0.5) * width;
  const y = (down - 0.5) * height;
  const { tile } = placement;
  return { x: tile.width / 2 + a * x + c * y + e, y: tile.height / 2 + b * x + d * y + f };
}

/** Null outside of the frame. */
export function toPoint(placement: Placement, pixel: Pixel): Point | null {
  const point = shares(placement, pixel);
  return point.every((share) => share >= 0 && share <= 1) ? point : null;
}

/** Of a pixel outside of the frame, the point at its edge: a hand leaves the frame while it draws. */
export function toNearestPoint(placement: Placement, pixel: Pixel): Point {
  return shares(placement, pixel).map((share) => Math.min(1, Math.max(0, share)));
}

function shares(placement: Placement, pixel: Pixel): Point {
  const { width, height } = fitted(placement);
  const { a, b, c, d, e, f } = placement.matrix;
  const x = pixel.x - placement.tile.width / 2 - e;
  const y = pixel.y - placement.tile.height / 2 - f;
  const determinant = a * d - b * c;
  return [
    (d * x - c * y) / determinant / width + 0.5,
    (a * y - b * x) / determinant / height + 0.5,
  ];
}

/** How much larger marks are than in a tile of 480 pixels: they grow with the picture, so that they can be read. */
export function markScale({ tile, matrix }: Placement): number {
  const enlarged = Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c));
  const side = Math.min(tile.width, tile.height) * Math.sqrt(enlarged);
  return Math.min(2.5, Math.max(0.6, side / 480));
}
