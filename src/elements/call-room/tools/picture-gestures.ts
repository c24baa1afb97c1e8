interface Point {
  readonly x: number;
  readonly y: number;
}

/** What gestures ask for. Points count from the frame's middle, in CSS pixels. */
export interface GestureRequests {
  readonly zoom: (factor: number, point: Point) => void;
  readonly move: (x: number, y: number) => void;
  /** A double press. */
  readonly toggle: (point: Point) => void;
}

/** Enlargement for one CSS pixel of the wheel: a usual notch of 100 is 1.35 times. */
const WHEEL_BASE = 1.003;
const WHEEL_LINE_PX = 33;

/** The wheel enlarges, two fingers pinch, one pointer drags, a double press toggles. */
export class PictureGestures {
  readonly #pointers = new Map<number, Point>();

  constructor(
    private readonly frame: HTMLElement,
    private readonly requests: GestureRequests,
  ) {
    frame.style.touchAction = 'none';
    frame.addEventListener('wheel', this.#handleWheel, { passive: false });
    frame.addEventListener('pointerdown', this.#handleDown);
    frame.addEventListener('pointermove', this.#handleMove);
    frame.addEventListener('pointerup', this.#handleUp);
    frame.addEventListener('pointercancel', this.#handleUp);
    frame.addEventListener('dblclick', this.#handleDoubleClick);
  }

  stop(): void {
    const { frame } = this;
    frame.style.touchAction = '';
    frame.removeEventListener('wheel', this.#handleWheel);
    frame.removeEventListener('pointerdown', this.#handleDown);
    frame.removeEventListener('pointermove', this.#handleMove);
    frame.removeEventListener('pointerup', this.#handleUp);
    frame.removeEventListener('pointercancel', this.#handleUp);
    frame.removeEventListener('dblclick', this.#handleDoubleClick);
  }

  #fromMiddle({ clientX, clientY }: MouseEvent): Point {
    const { left, top, width, height } = this.frame.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  readonly #handleWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === 0 ? event.deltaY : event.deltaY * WHEEL_LINE_PX;
    this.requests.zoom(WHEEL_BASE ** -pixels, this.#fromMiddle(event));
  };

  readonly #handleDown = (event: PointerEvent): void => {
    if (event.button !== 0 || isControl(event)) return;
    this.frame.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#fromMiddle(event));
  };

  readonly #handleMove = (event: PointerEvent): void => {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#fromMiddle(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, now);
    // Two fingers: their middle moves by half as much as the one that moves.
    const share = other ? 0.5 : 1;
    this.requests.move((now.x - before.x) * share, (now.y - before.y) * share);
    if (!other) return;
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.requests.zoom(distance(now, other) / Math.max(1, distance(before, other)), middle);
  };

  readonly #handleUp = ({ pointerId }: PointerEvent): void => {
    this.#pointers.delete(pointerId);
  };

  readonly #handleDoubleClick = (event: MouseEvent): void => {
    if (!isControl(event)) this.requests.toggle(this.#fromMiddle(event));
  };
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

const isControl = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof HTMLButtonElement);
