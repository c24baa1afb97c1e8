import type { ReactiveController, ReactiveControllerHost } from 'lit';

export interface FocusPlace {
  /** What fills the host. Where it changes, the focused element may go away. */
  readonly name: string;
  /** Where the focus goes; null while there is no such element yet. */
  readonly target: HTMLElement | null;
}

/**
 * Keeps the focus in its host when the focused element goes away with what it belonged to: it then goes to the new
 * place's target, and not to the page's body. A focus that was elsewhere stays there.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #place: () => FocusPlace;
  #name: string | null = null;
  /** The person works in the host: the last focus or press was inside. */
  #inside = false;
  #pending = false;

  constructor(host: ReactiveControllerHost & HTMLElement, place: () => FocusPlace) {
    this.#host = host;
    this.#place = place;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('focusin', this.#handleEvent, true);
    document.addEventListener('pointerdown', this.#handleEvent, true);
  }

  hostDisconnected(): void {
    document.removeEventListener('focusin', this.#handleEvent, true);
    document.removeEventListener('pointerdown', this.#handleEvent, true);
  }

  hostUpdated(): void {
    const { name } = this.#place();
    if (this.#name !== null && name !== this.#name) this.#pending = true;
    this.#name = name;
    // Inner elements render after the host.
    if (this.#pending) setTimeout(() => this.#check());
  }

  #check(): void {
    if (!this.#pending) return;
    const { activeElement } = document;
    const lost = activeElement === null || activeElement === document.body;
    if (!this.#inside || !lost) {
      this.#pending = false;
      return;
    }
    const { target } = this.#place();
    if (!target) return;
    this.#pending = false;
    target.focus();
  }

  readonly #handleEvent = (event: Event): void => {
    this.#inside = event.composedPath().includes(this.#host);
  };
}
