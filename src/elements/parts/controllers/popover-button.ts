import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement & { readonly renderRoot: ParentNode & Node };

/**
 * A button of the host that opens a popover whose code is loaded at the first press. The popover stands
 * in the host's shadow root under `selector`; it closes by Escape or a press elsewhere, and when the
 * window changes its size.
 */
export class PopoverButton implements ReactiveController {
  readonly #host: Host;
  readonly #selector: string;
  readonly #load: () => Promise<unknown>;
  #open = false;
  #button: HTMLElement | null = null;
  /** Whether the popover's code has been asked for, and the popover is to be in the document. */
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

  /** Opens or closes. Rejects where the code could not be loaded. */
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

  /** To be the listener of the popover's `toggle`. */
  readonly handleToggle = (event: ToggleEvent): void => {
    this.#open = event.newState === 'open';
    if (this.#open) window.addEventListener('resize', this.close);
    else window.removeEventListener('resize', this.close);
    // The browser brings the focus back to no button in a shadow root; until it next draws, the focus
    // is where nobody sees it any more.
    const lost =
      document.activeElement === document.body || this.#popover?.matches(':focus-within');
    if (!this.#open && lost) this.#button?.focus();
    this.#host.requestUpdate();
  };

  get #popover(): HTMLElement | null {
    return this.#host.renderRoot.querySelector<HTMLElement>(this.#selector);
  }
}

const MARGIN = 8;

/**
 * Puts an open popover above what opened it, or below where there is more room, inside the window. A
 * popover stands in the top layer, so that nothing clips it.
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
  popover.style.left = `${within(left, clientWidth - offsetWidth)}px`;
  popover.style.top = `${within(top, clientHeight - offsetHeight)}px`;
}

const within = (at: number, most: number) => Math.max(MARGIN, Math.min(at, most - MARGIN));
