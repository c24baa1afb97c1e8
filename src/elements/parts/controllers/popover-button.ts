import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode & Node };

/**
 * A button of the host that opens a popover. The popover's code is loaded at the first press. The popover is
 * in the host's shadow root, found by `selector`. It closes by Escape, by a press elsewhere, and when the
 * window changes its size.
 */
export class PopoverButton implements ReactiveController {
  readonly #host: Host;
  readonly #selector: string;
  readonly #load: () => Promise<unknown>;
  #open = false;
  #button: HTMLElement | null = null;
  /** Whether the code is loaded, so that the host can render the popover. */
  loaded = false;

  constructor(host: Host, selector: string, load: () => Promise<unknown>) {
    this.#host = host;
    this.#selector = selector;
    this.#load = load;
    host.addController(this);
  }

  get open(): boolean {
    return this.#open;
  }

  hostDisconnected(): void {
    window.removeEventListener('resize', this.close);
    this.#open = false;
  }

  /** Opens or closes. Rejects if the code could not be loaded. */
  async toggle(button: HTMLElement): Promise<void> {
    if (this.#open) return this.close();
    this.#button = button;
    await this.#load();
    this.loaded = true;
    this.#host.requestUpdate();
    await this.#host.updateComplete;
    const popover = this.#popover;
    if (!popover || popover.matches(':popover-open')) return;
    popover.showPopover();
    const rendered = 'updateComplete' in popover ? popover.updateComplete : undefined;
    await rendered;
    placePopover(popover, button);
    (popover as HTMLElement & { focusFirst?: () => void }).focusFirst?.();
  }

  readonly close = (): void => {
    if (this.#popover?.matches(':popover-open')) this.#popover.hidePopover();
  };

  /** The listener for the popover's `toggle` event. */
  readonly handleToggle = (event: ToggleEvent): void => {
    this.#open = event.newState === 'open';
    if (this.#open) window.addEventListener('resize', this.close);
    else window.removeEventListener('resize', this.close);
    // The browser does not return the focus to a button in a shadow root. Until its next frame the focus stays in
    // the hidden popover.
    const lost =
      document.activeElement === document.body || this.#popover?.matches(':focus-within');
    if (!this.#open && lost) this.#button?.focus();
    this.#host.requestUpdate();
  };

  get #popover(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>(this.#selector);
  }
}

/** Between popover, button and window, in CSS pixels. */
const MARGIN = 8;

/**
 * Places an open popover above its button, or below if there is more room, inside the window. A popover is
 * in the top layer, so that nothing clips it.
 */
export function placePopover(popover: HTMLElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const above = at.top - 2 * MARGIN;
  const below = clientHeight - at.bottom - 2 * MARGIN;
  const up = above >= below || above >= popover.offsetHeight;
  popover.style.maxHeight = `${Math.max(up ? above : below, 160)}px`;
  const { offsetWidth, offsetHeight } = popover;
  const left = at.left + at.width / 2 - offsetWidth / 2;
  const top = up ? at.top - MARGIN - offsetHeight : at.bottom + MARGIN;
  popover.style.left = `${clamp(left, clientWidth - offsetWidth)}px`;
  popover.style.top = `${clamp(top, clientHeight - offsetHeight)}px`;
}

const clamp = (at: number, max: number) => Math.max(MARGIN, Math.min(at, max - MARGIN));
