import { RovingFocus } from '../../parts/controllers/roving-focus.ts';

/** The same for a grid of buttons: up and down move by a row, and the keys stop at the ends. */
export class RovingGrid extends RovingFocus {
  readonly #columns: number;

  constructor(
    host: ConstructorParameters<typeof RovingFocus>[0],
    selector: string,
    columns: number,
  ) {
    super(host, selector);
    this.#columns = columns;
  }

  protected override stepOf(key: string): number | null {
    if (key === 'ArrowDown') return this.#columns;
    if (key === 'ArrowUp') return -this.#columns;
    return super.stepOf(key);
  }

  protected override move(at: number, step: number, count: number): number {
    return Math.max(0, Math.min(count - 1, at + step));
  }
}
