import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { answersStyles } from '../../parts/styles/answers-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';

/** Asks the visitor whether the call may be recorded. Nothing is recorded as long as it stands. */
export class RecordingQuestion extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    answersStyles,
    css`
      :host {
        display: block;
      }
      section {
        display: grid;
        gap: 12px;
        box-sizing: border-box;
        inline-size: min(400px, calc(100vw - 32px));
        padding: 20px 24px 24px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
        color: var(--_text);
        box-shadow: var(--_shadow);
        text-align: center;
        pointer-events: auto;
      }
      section:focus {
        outline: none;
      }
      h2,
      p {
        margin: 0;
      }
      h2 {
        font-size: 18px;
        font-weight: 600;
      }
      .quiet {
        color: var(--_quiet);
        font-size: 14px;
      }
      .own {
        white-space: pre-line;
        overflow-wrap: anywhere;
      }
      footer {
        margin-block-start: 4px;
      }
      .button {
        flex: 1 0 auto;
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  /** The site's own words; '' for the built-in ones. */
  @property({ attribute: false }) text = '';
  /** Rejects if the answer did not arrive. */
  @property({ attribute: false }) answer: (agreed: boolean) => Promise<unknown> = async () => {};

  @state() private busy = false;
  @state() private failed = false;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override firstUpdated(): void {
    // Somebody who writes goes on writing.
    if (!(deepActiveElement() instanceof HTMLTextAreaElement)) {
      this.renderRoot.querySelector('section')?.focus();
    }
  }

  protected override render() {
    return html`<section
      role="alertdialog"
      aria-labelledby="question"
      aria-describedby="more"
      tabindex="-1"
    >
      <h2 id="question">${msg('May we record this call?')}</h2>
      <p id="more" class=${this.text ? 'own' : ''}>
        ${
          this.text || msg('The pictures and the sound of both sides are recorded. You can refuse.')
        }
      </p>
      <p class="quiet" role="status">
        ${
          this.failed
            ? msg('Your answer did not arrive. Please try again.')
            : msg('Nothing is recorded before you answer.')
        }
      </p>
      <footer>
        <button
          class="button primary"
          type="button"
          ?disabled=${this.busy}
          @click=${() => this.#answer(true)}
        >
          ${msg('Yes, you may record')}
        </button>
        <button
          class="button"
          type="button"
          ?disabled=${this.busy}
          @click=${() => this.#answer(false)}
        >
          ${msg('No, do not record')}
        </button>
      </footer>
    </section>`;
  }

  async #answer(agreed: boolean): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failed = false;
    try {
      await this.answer(agreed);
    } catch (error) {
      console.warn('rtc-desk', error);
      this.failed = true;
    } finally {
      this.busy = false;
    }
  }
}

/** The focused element, also inside shadow roots. */
function deepActiveElement(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-recording-question': RecordingQuestion;
  }
}
