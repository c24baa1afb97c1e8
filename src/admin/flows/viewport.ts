import type { Box, Point } from './geometry.ts';

/** Which part of the drawing is seen: a point `p` is shown at `p * scale + (x, y)`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const MIN_SCALE = 0.2;
const MAX_SCALE = 2.5;
/** Free space around the drawing when it is fitted, in pixels. */
const MARGIN = 32;

export const toDrawing = ({ x, y, scale }: Viewport, point: Point): Point => ({
  x: (point.x - x) / scale,
  y: (point.y - y) / scale,
});

export const pan = (view: Viewport, dx: number, dy: number): Viewport => ({
  ...view,
  x: view.x + dx,
  y: view.y + dy,
});

/** Zooms by a factor. The point of the screen `at` stays where it is. */
export function zoom(view: Viewport, factor: number, at: Point): Viewport {
  const scale = Math.min(MAX_SCALE, Math.max(MIN_SCALE, view.scale * factor));
  const { x, y } = toDrawing(view, at);
  return { scale, x: at.x - x * scale, y: at.y - y * scale };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shows all of a box, not larger than it is. */
export function fit(box: Box, { width, height }: Size): Viewport {
  const across = (width - 2 * MARGIN) / box.width;
  const down = (height - 2 * MARGIN) / box.height;
  const scale = Math.min(1, Math.max(MIN_SCALE, Math.min(across, down)));
  return {
    scale,
    x: Math.max(MARGIN, (width - box.width * scale) / 2) - box.x * scale,
    y: Math.max(MARGIN, (height - box.height * scale) / 2) - box.y * scale,
  };
}

/** Moves as little as needed so that the box is seen. */
export function reveal(view: Viewport, box: Box, { width, height }: Size): Viewport {
  const left = box.x * view.scale + view.x;
  const top = box.y * view.scale + view.y;
  return {
    ...view,
    x: view.x + shift(left, box.width * view.scale, width),
    y: view.y + shift(top, box.height * view.scale, height),
  };
}

function shift(start: number, length: number, room: number): number {
  if (start < MARGIN || length > room) return MARGIN - start;
  const over = start + length + MARGIN - room;
  return over > 0 ? -over : 0;
}
