import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ConsentView } from '../../../protocol/visitor-view.ts';
import { answersStyles } from '../../parts/styles/answers-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { siteText } from '../../parts/texts/site-text.ts';

/** Fired when the visitor has decided. */
export class ConsentDecidedEvent extends Event {
  constructor(readonly agreed: boolean) {
    super('consent-decided');
  }
}

/** What the site asks before camera and microphone are asked for: its text, and two answers. */
export class ConsentQuestion extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    answersStyles,
    css`
      :host {
        display: grid;
        gap: 12px;
        padding-block-end: 8px;
        color: var(--_text);
      }
      h3,
      p {
        margin: 0;
      }
      h3 {
        outline: none;
        font-size: 20px;
        text-wrap: balance;
      }
      .text {
        max-block-size: 40vh;
        overflow: auto;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .note {
        color: var(--_quiet);
      }
      a {
        color: inherit;
        overflow-wrap: anywhere;
      }
      footer {
        margin-block-start: 8px;
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @property({ attribute: false }) consent: ConsentView | null = null;
  @query('h3') private readonly heading!: HTMLElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override firstUpdated(): void {
    this.heading.focus();
  }

  protected override render() {
    if (!this.consent) return nothing;
    const { text, link } = this.consent;
    const [shown, language] = siteText(text);
    return html`<h3 id="heading" tabindex="-1">${msg('Before the call')}</h3>
      <div
        class="text"
        role="region"
        aria-labelledby="heading"
        tabindex="0"
        lang=${language}
        .textContent=${shown}
      ></div>
      ${
        link === null
          ? nothing
          : html`<p>
              <a href=${link} target="_blank" rel="noopener noreferrer">${msg('Read more')}</a>
            </p>`
      }
      <p class="note">${msg('Camera and microphone stay off until you agree.')}</p>
      <footer>
        <button class="button primary" type="button" @click=${() => this.#decide(true)}>
          ${msg('I agree')}
        </button>
        <button class="button" type="button" @click=${() => this.#decide(false)}>
          ${msg('I don’t agree')}
        </button>
      </footer>`;
  }

  #decide(agreed: boolean): void {
    this.dispatchEvent(new ConsentDecidedEvent(agreed));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-consent-question': ConsentQuestion;
  }
  interface HTMLElementEventMap {
    'consent-decided': ConsentDecidedEvent;
  }
}
