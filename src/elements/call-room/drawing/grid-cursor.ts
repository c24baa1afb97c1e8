import type { Point } from '../../../call/picture-tools-control.ts';

/** The keyboard's grid over a frame. */
export const GRID_COLUMNS = 16;
export const GRID_ROWS = 12;
/** With Shift a key moves by so many parts of a cell. */
const FINE = 8;

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** From the middle of the frame. */
export const CURSOR_START: Point = [0.5, 0.5];

/** Where an arrow key moves the cursor; null for every other key. It stays in the frame. */
export function moveCursor(at: Point, key: string, fine: boolean): Point | null {
  const step = Object.hasOwn(STEPS, key) ? STEPS[key] : undefined;
  if (!step) return null;
  const cells = [GRID_COLUMNS, GRID_ROWS];
  return at.map((share, axis) => {
    const moved = share + step[axis]! / cells[axis]! / (fine ? FINE : 1);
    // To the exact part of a cell, so that errors do not add up.
    const parts = cells[axis]! * FINE;
    return Math.min(1, Math.max(0, Math.round(moved * parts) / parts));
  });
}

/** The cell of a point, counted from 1. */
export function cellOf([across = 0, down = 0]: Point): { column: number; row: number } {
  const cell = (share: number, count: number) => Math.min(count, Math.floor(share * count) + 1);
  return { column: cell(across, GRID_COLUMNS), row: cell(down, GRID_ROWS) };
}
