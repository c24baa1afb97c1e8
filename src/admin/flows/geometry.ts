import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';

/** Sizes of a drawn step, in the drawing's own units. */
export const STEP_WIDTH = 232;
const HEAD_HEIGHT = 56;
export const EXIT_HEIGHT = 28;
const FOOT_HEIGHT = 8;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export function stepHeight(flow: Flow, id: string): number {
  const step = stepOf(flow, id);
  const exits = step ? exitsOf(step).length : 0;
  return HEAD_HEIGHT + exits * EXIT_HEIGHT + (exits > 0 ? FOOT_HEIGHT : 0);
}

/** The place of a step in the drawing. Steps without a place in the layout stand in one column. */
export function boxOf(flow: Flow, id: string): Box {
  const [x = 0, y = 0] = flow.layout?.[id] ?? [0, Object.keys(flow.nodes).indexOf(id) * 160];
  return { x, y, width: STEP_WIDTH, height: stepHeight(flow, id) };
}

/** Where the wires of a step arrive. */
export function entryOf(flow: Flow, id: string): Point {
  const { x, y } = boxOf(flow, id);
  return { x, y: y + HEAD_HEIGHT / 2 };
}

/** Where the wire of an exit begins. `index`: the exit's place among the exits of the step. */
export function portOf(flow: Flow, id: string, index: number): Point {
  const { x, y } = boxOf(flow, id);
  return { x: x + STEP_WIDTH, y: y + HEAD_HEIGHT + index * EXIT_HEIGHT + EXIT_HEIGHT / 2 };
}

export interface Wire {
  readonly from: string;
  readonly exit: string;
  readonly to: string;
  readonly path: string;
}

/** All wires, each as the path of a curve. */
export function wiresOf(flow: Flow): readonly Wire[] {
  return Object.entries(flow.nodes).flatMap(([from, step]) =>
    exitsOf(step).flatMap((exit, index) => {
      const to = nextOf(step, exit);
      if (to === undefined || !stepOf(flow, to)) return [];
      return [{ from, exit, to, path: wirePath(portOf(flow, from, index), entryOf(flow, to)) }];
    }),
  );
}

/** A curve that leaves to the right and arrives from the left, also if the target is further left. */
export function wirePath(from: Point, to: Point): string {
  const reach = Math.max(40, Math.abs(to.x - from.x) / 2);
  const bend = Math.min(reach, 160);
  return `M${from.x} ${from.y} C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`;
}

/** The box around all steps. */
export function boundsOf(flow: Flow): Box {
  const boxes = Object.keys(flow.nodes).map((id) => boxOf(flow, id));
  if (boxes.length === 0) return { x: 0, y: 0, width: STEP_WIDTH, height: HEAD_HEIGHT };
  const left = Math.min(...boxes.map(({ x }) => x));
  const top = Math.min(...boxes.map(({ y }) => y));
  const right = Math.max(...boxes.map(({ x, width }) => x + width));
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The step at a point of the drawing; null: none. */
export function stepAt(flow: Flow, { x, y }: Point): string | null {
  const ids = Object.keys(flow.nodes).filter((id) => {
    const box = boxOf(flow, id);
    return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
  });
  return ids.at(-1) ?? null;
}

type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** The closest step in a direction, for the arrow keys; null: there is none. */
export function stepTowards(flow: Flow, from: string, direction: Direction): string | null {
  const middle = (id: string): Point => {
    const { x, y, width, height } = boxOf(flow, id);
    return { x: x + width / 2, y: y + height / 2 };
  };
  const start = middle(from);
  let best: { id: string; distance: number } | null = null;
  for (const id of Object.keys(flow.nodes)) {
    const { x, y } = middle(id);
    const [dx, dy] = [x - start.x, y - start.y];
    const isAcross = direction === 'ArrowLeft' || direction === 'ArrowRight';
    const ahead = isAcross ? dx : dy;
    const towards = direction === 'ArrowLeft' || direction === 'ArrowUp' ? -ahead : ahead;
    const aside = Math.abs(isAcross ? dy : dx);
    if (id === from || towards <= 0) continue;
    const distance = towards + 2 * aside;
    if (!best || distance < best.distance) best = { id, distance };
  }
  return best?.id ?? null;
}

/** The part of a text that fits a width. `units`: Latin letters; a Chinese character takes two. */
export function fitText(text: string, units: number): string {
  let left = units;
  let fitting = '';
  for (const letter of text) {
    left -= /[\u2e80-\uffef]/u.test(letter) ? 2 : 1;
    if (left < 0) return `${fitting.trimEnd()}…`;
    fitting += letter;
  }
  return fitting;
}
