import type { Point } from '../../../call/picture-tools-control.ts';

/**
 * Leaves out the points of a drawn line that change its shape least (Douglas and Peucker), until at most `most` are
 * left. The first and the last point are kept.
 */
export function thinLine(points: readonly Point[], most: number): readonly Point[] {
  let thin = points;
  // A thousandth of the frame is below what a hand can draw.
  for (let tolerance = 0.001; thin.length > most || tolerance === 0.001; tolerance *= 2) {
    thin = simplify(points, tolerance);
  }
  return thin;
}

function simplify(points: readonly Point[], tolerance: number): readonly Point[] {
  const first = points[0];
  const last = points.at(-1);
  if (points.length < 3 || !first || !last) return points;
  let farthest = 0;
  let distance = -1;
  for (let at = 1; at < points.length - 1; at += 1) {
    const off = distanceTo(first, last, points[at]!);
    if (off > distance) [farthest, distance] = [at, off];
  }
  if (distance <= tolerance) return [first, last];
  const before = simplify(points.slice(0, farthest + 1), tolerance);
  return [...before.slice(0, -1), ...simplify(points.slice(farthest), tolerance)];
}

/** From the point to the stretch between two others. */
function distanceTo([ax = 0, ay = 0]: Point, [bx = 0, by = 0]: Point, [x = 0, y = 0]: Point) {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / length;
  const along = Math.min(1, Math.max(0, share));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
