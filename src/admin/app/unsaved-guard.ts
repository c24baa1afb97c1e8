/** Asks before changes that are not saved are lost: by a link, by the browser's back button, by closing the tab. */
export class UnsavedGuard {
  #unsaved = false;
  /** The address of the page with the changes. */
  #address = '';

  constructor(
    private readonly ask: () => Promise<boolean>,
    private readonly go: (address: string) => void,
  ) {}

  set unsaved(unsaved: boolean) {
    this.#unsaved = unsaved;
    this.#address = location.pathname + location.search;
  }

  /** The router listens to the same events, and has to come after this. */
  connect(): void {
    window.addEventListener('click', this.#handleClick, { capture: true });
    window.addEventListener('popstate', this.#handlePopState, { capture: true });
    window.addEventListener('beforeunload', this.#handleUnload);
  }

  disconnect(): void {
    window.removeEventListener('click', this.#handleClick, { capture: true });
    window.removeEventListener('popstate', this.#handlePopState, { capture: true });
    window.removeEventListener('beforeunload', this.#handleUnload);
  }

  /** Resolves to whether the person may leave: nothing is unsaved, or they agreed to lose it. */
  async mayLeave(): Promise<boolean> {
    if (this.#unsaved && !(await this.ask())) return false;
    this.#unsaved = false;
    return true;
  }

  readonly #handleClick = (event: MouseEvent): void => {
    if (!this.#unsaved || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download')) return;
    if (link.origin !== location.origin) return; // the browser itself asks
    event.preventDefault();
    event.stopImmediatePropagation();
    void this.#leaveFor(link.pathname + link.search);
  };

  readonly #handlePopState = (event: PopStateEvent): void => {
    if (!this.#unsaved) return;
    const wanted = location.pathname + location.search;
    event.stopImmediatePropagation();
    history.pushState(null, '', this.#address);
    void this.#leaveFor(wanted);
  };

  async #leaveFor(address: string): Promise<void> {
    if (await this.mayLeave()) this.go(address);
  }

  readonly #handleUnload = (event: BeforeUnloadEvent): void => {
    if (this.#unsaved) event.preventDefault();
  };
}
