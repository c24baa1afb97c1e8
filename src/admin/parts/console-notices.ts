import { LitElement, css, html, nothing } from 'lit';
import { state } from 'lit/decorators.js';
import { consoleStyles } from './console-styles.ts';

const SHOWN_MS = 6_000;

/** Shows the newest notice for some seconds, and says it to screen readers. */
export class ConsoleNotices extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      :host {
        position: fixed;
        inset: auto 0 24px;
        z-index: 10;
        display: grid;
        justify-items: center;
        padding: 0 16px;
        pointer-events: none;
      }
      .notice {
        display: flex;
        gap: 10px;
        align-items: center;
        max-width: 560px;
        padding: 12px 18px;
        border-radius: 10px;
        background: var(--wa-color-neutral-10, #14212b);
        color: #fff;
        box-shadow: 0 8px 32px rgb(0 0 0 / 30%);
        font-weight: 600;
      }
    `,
  ];

  @state() private text = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(text: string): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.#timer = setTimeout(() => (this.text = ''), SHOWN_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override render() {
    return html`<div role="status">
      ${
        this.text
          ? html`<div class="notice">
              <wa-icon name="circle-check"></wa-icon><span>${this.text}</span>
            </div>`
          : nothing
      }
    </div>`;
  }
}
