import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { placePopover } from '../../parts/controllers/popover-button.ts';
import { RovingFocus } from '../../parts/controllers/roving-focus.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { popoverStyles } from '../../parts/styles/popover-styles.ts';
import type { MoreEntry } from './more-entries.ts';
import type { ToolContext } from './tool-context.ts';

/** The keys of a menu: up and down. */
class MenuFocus extends RovingFocus {
  protected override stepOf(key: string): number | null {
    if (key === 'ArrowDown') return 1;
    if (key === 'ArrowUp') return -1;
    return key === 'Home' || key === 'End' ? 0 : null;
  }
}

/** The menu of further tools (the menu button pattern of the ARIA Authoring Practices). It is there while it is open. */
export class MoreMenu extends LitElement {
  static override styles = [
    baseStyles,
    popoverStyles,
    css`
      :host(:popover-open) {
        min-width: min(240px, 100vw - 16px);
        max-width: min(360px, 100vw - 16px);
        box-sizing: border-box;
        padding: 8px;
        pointer-events: auto;
      }
      button {
        display: flex;
        align-items: center;
        gap: 12px;
        width: 100%;
        min-height: 44px;
        padding: 8px 12px;
        border: 0;
        border-radius: var(--_radius-small);
        background: transparent;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover,
      button:focus-visible {
        background: var(--_accent-soft);
      }
      button:focus-visible {
        outline: 2px solid var(--_accent);
        outline-offset: -2px;
      }
      .icon {
        flex: none;
      }
      span {
        flex: 1;
      }
      kbd {
        padding: 0 6px;
        border: 1px solid var(--_line-strong);
        border-radius: 4px;
        color: var(--_quiet);
        font: inherit;
        font-size: 12px;
      }
    `,
  ];

  readonly #focus = new MenuFocus(this, 'button');
  #context: ToolContext | null = null;
  #entries: readonly MoreEntry[] = [];
  #anchor: HTMLElement | null = null;

  constructor() {
    super();
    new LocaleController(this);
    this.addEventListener('toggle', (event) => {
      if ((event as ToggleEvent).newState === 'closed') this.#handleClosed();
    });
  }

  /** Opens the host's menu, or closes it if it is open. */
  static async toggle(
    context: ToolContext,
    entries: readonly MoreEntry[],
    anchor: HTMLElement,
  ): Promise<void> {
    const root = context.host.renderRoot;
    const open = root.querySelector<MoreMenu>('rtc-more-menu');
    if (open) return open.#close();
    const menu = document.createElement('rtc-more-menu');
    menu.popover = 'auto';
    menu.role = 'menu';
    menu.ariaLabel = msg('More');
    menu.#context = context;
    menu.#entries = entries;
    menu.#anchor = anchor;
    root.querySelector('.view')!.append(menu);
    await menu.#open(anchor);
  }

  protected override render() {
    const context = this.#context!;
    return this.#entries.map(
      (entry) =>
        html`<button
          role="menuitem"
          type="button"
          tabindex="-1"
          data-tool=${entry.id}
          aria-keyshortcuts=${entry.key ?? nothing}
          @click=${() => this.#run(entry)}
          @keydown=${this.#handleKeydown}
        >
          ${entry.icon(context)}<span>${entry.label(context)}</span>
          ${entry.key ? html`<kbd aria-hidden="true">${entry.key.toUpperCase()}</kbd>` : nothing}
        </button>`,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('resize', this.#handleResize);
  }

  async #open(anchor: HTMLElement): Promise<void> {
    await this.updateComplete;
    this.showPopover();
    placePopover(this, anchor);
    anchor.ariaExpanded = 'true';
    window.addEventListener('resize', this.#handleResize);
    this.renderRoot.querySelector('button')?.focus();
  }

  #close(): void {
    if (this.matches(':popover-open')) this.hidePopover();
  }

  #run(entry: MoreEntry): void {
    const context = this.#context!;
    this.#close();
    this.#anchor?.focus();
    Promise.resolve(entry.run(context)).catch((error: unknown) => {
      // The tool's code could not be loaded. The next press tries again.
      console.warn('rtc-desk', error);
    });
  }

  readonly #handleResize = (): void => this.#close();

  readonly #handleKeydown = (event: KeyboardEvent): void => {
    // Tab leaves the menu, which closes it.
    if (event.key === 'Tab') this.#close();
    else this.#focus.handleKeydown(event);
  };

  #handleClosed(): void {
    // The browser does not return the focus to a button in a shadow root.
    const lost = document.activeElement === document.body || this.matches(':focus-within');
    if (this.#anchor) this.#anchor.ariaExpanded = 'false';
    if (lost) this.#anchor?.focus();
    this.remove();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-more-menu': MoreMenu;
  }
}
