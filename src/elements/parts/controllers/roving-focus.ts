import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode & Node };

/**
 * Makes a row of buttons one stop of the Tab key. The arrow keys, Home and End move inside it (the toolbar pattern of
 * the ARIA Authoring Practices). Hidden buttons are skipped.
 */
export class RovingFocus implements ReactiveController {
  readonly #host: Host;
  readonly #selector: string;
  #current = 0;

  constructor(host: Host, selector: string) {
    this.#host = host;
    this.#selector = selector;
    host.addController(this);
  }

  hostUpdated(): void {
    this.#mark();
  }

  /** The listener for `keydown` on the row. */
  readonly handleKeydown = (event: KeyboardEvent): void => {
    const step = this.stepOf(event.key);
    if (step === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = this.#items();
    const at = items.findIndex((item) => item === event.target);
    if (at < 0) return;
    event.preventDefault();
    const last = items.length - 1;
    if (event.key === 'Home') this.#current = 0;
    else if (event.key === 'End') this.#current = last;
    else this.#current = this.move(at, step, items.length);
    this.#mark();
    items[this.#current]?.focus();
  };

  /** The listener for `focusin` on the row: Tab returns to the button that was clicked. */
  readonly handleFocusin = (event: FocusEvent): void => {
    const at = this.#items().findIndex((item) => item === event.target);
    if (at < 0) return;
    this.#current = at;
    this.#mark();
  };

  /** How far a key moves; null for a key that moves nothing. */
  protected stepOf(key: string): number | null {
    const forward = getComputedStyle(this.#host).direction === 'rtl' ? -1 : 1;
    if (key === 'ArrowRight') return forward;
    if (key === 'ArrowLeft') return -forward;
    return key === 'Home' || key === 'End' ? 0 : null;
  }

  /** The place after a step. A row goes on at its other end. */
  protected move(at: number, step: number, count: number): number {
    return (at + step + count) % count;
  }

  #items(): HTMLElement[] {
    const all = this.#host.renderRoot.querySelectorAll<HTMLElement>(this.#selector);
    return [...all].filter((item) => item.checkVisibility());
  }

  #mark(): void {
    const items = this.#items();
    this.#current = Math.max(0, Math.min(this.#current, items.length - 1));
    for (const [index, item] of items.entries()) item.tabIndex = index === this.#current ? 0 : -1;
  }
}
