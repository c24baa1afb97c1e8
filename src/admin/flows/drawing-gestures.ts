import type { Flow } from '../../protocol/flow.ts';
import { stepsBetween } from './draw-step.ts';
import { connect, moveSteps } from './edit-flow.ts';
import { FlowChangeEvent, FlowSelectEvent } from './editor-events.ts';
import { stepAt, type Point } from './geometry.ts';
import { pan, toDrawing, zoom, type Viewport } from './viewport.ts';

/** What the pointer does at the moment. Points are the drawing's, except those of a pan. */
export type Gesture =
  | { readonly kind: 'pan'; readonly last: Point }
  | {
      readonly kind: 'move';
      readonly ids: readonly string[];
      readonly start: Point;
      readonly now: Point;
      readonly moved: boolean;
    }
  | { readonly kind: 'wire'; readonly id: string; readonly exit: string; readonly now: Point }
  | { readonly kind: 'band'; readonly start: Point; readonly now: Point };

/** The drawing as the gestures see it. */
export interface GestureHost extends EventTarget {
  readonly flow: Flow;
  readonly selection: readonly string[];
  view: Viewport;
  gesture: Gesture | null;
  /** A point of the screen, relative to the drawing's corner. */
  localPoint(event: MouseEvent): Point;
}

/** Pixels that a pointer may move in a click. */
const CLICK_PIXELS = 4;
const WHEEL_SPEED = 0.0015;
/** Steps are placed on a grid of this size. */
const GRID = 4;

/** Pan, zoom by wheel and pinch, selection, moving, and leading a wire from an exit to a step. */
export class DrawingGestures {
  readonly #pointers = new Map<number, Point>();

  constructor(private readonly host: GestureHost) {}

  readonly handleDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { host } = this;
    const at = host.localPoint(event);
    this.#pointers.set(event.pointerId, at);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    if (this.#pointers.size > 1) {
      host.gesture = null;
      return;
    }
    const start = toDrawing(host.view, at);
    const target = event.target as Element;
    const exit = target.getAttribute('data-exit');
    const of = target.getAttribute('data-of');
    const id = target.closest('[data-step]')?.getAttribute('data-step');
    if (of && exit) host.gesture = { kind: 'wire', id: of, exit, now: start };
    else if (id) this.#press(event, id, start);
    else if (event.shiftKey) host.gesture = { kind: 'band', start, now: start };
    else host.gesture = { kind: 'pan', last: at };
  };

  #press({ shiftKey, ctrlKey, metaKey }: PointerEvent, id: string, start: Point): void {
    const { host } = this;
    const { selection } = host;
    if (shiftKey || ctrlKey || metaKey) {
      const others = selection.filter((one) => one !== id);
      const ids = others.length === selection.length ? [...selection, id] : others;
      host.dispatchEvent(new FlowSelectEvent(ids));
      return;
    }
    const ids = selection.includes(id) ? selection : [id];
    if (ids !== selection) host.dispatchEvent(new FlowSelectEvent(ids));
    host.gesture = { kind: 'move', ids, start, now: start, moved: false };
  }

  readonly handleMove = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const { host } = this;
    const at = host.localPoint(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size > 1) return this.#pinch(event.pointerId, before, at);
    const { gesture } = host;
    if (!gesture) return;
    const now = toDrawing(host.view, at);
    if (gesture.kind === 'pan') {
      host.view = pan(host.view, at.x - gesture.last.x, at.y - gesture.last.y);
      host.gesture = { kind: 'pan', last: at };
    } else if (gesture.kind === 'move') {
      const { start } = gesture;
      const pixels = Math.hypot(now.x - start.x, now.y - start.y) * host.view.scale;
      host.gesture = { ...gesture, now, moved: gesture.moved || pixels > CLICK_PIXELS };
    } else {
      host.gesture = { ...gesture, now };
    }
  };

  #pinch(id: number, before: Point, at: Point): void {
    const other = [...this.#pointers].find(([one]) => one !== id)?.[1];
    if (!other) return;
    const distance = (a: Point): number => Math.hypot(a.x - other.x, a.y - other.y);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    const moved = pan(this.host.view, (at.x - before.x) / 2, (at.y - before.y) / 2);
    const factor = distance(at) / Math.max(1, distance(before));
    this.host.view = zoom(moved, factor, middle);
  }

  readonly handleUp = (event: PointerEvent): void => {
    if (!this.#pointers.delete(event.pointerId)) return;
    const { host } = this;
    const { gesture } = host;
    host.gesture = null;
    if (!gesture || event.type === 'pointercancel') return;
    const { flow } = host;
    if (gesture.kind === 'wire') {
      const to = stepAt(flow, gesture.now);
      if (to === null || to === flow.start) return;
      host.dispatchEvent(new FlowChangeEvent(connect(flow, gesture.id, gesture.exit, to)));
    } else if (gesture.kind === 'band') {
      const ids = stepsBetween(flow, gesture.start, gesture.now);
      host.dispatchEvent(new FlowSelectEvent(ids));
    } else if (gesture.kind === 'move' && gesture.moved) {
      host.dispatchEvent(new FlowChangeEvent(movedBy(flow, gesture)));
    }
  };

  readonly handleWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { host } = this;
    if (event.shiftKey) host.view = pan(host.view, -(event.deltaX || event.deltaY), 0);
    else host.view = zoom(host.view, Math.exp(-event.deltaY * WHEEL_SPEED), host.localPoint(event));
  };
}

/** The flow with its steps where the pointer has taken them. */
export function movedBy(flow: Flow, { ids, start, now }: Extract<Gesture, { kind: 'move' }>): Flow {
  const onGrid = (distance: number): number => Math.round(distance / GRID) * GRID;
  return moveSteps(flow, ids, [onGrid(now.x - start.x), onGrid(now.y - start.y)]);
}
