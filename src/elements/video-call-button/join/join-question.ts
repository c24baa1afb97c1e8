import { msg, str } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { answersStyles } from '../../parts/styles/answers-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { VisitorAlarm } from './visitor-alarm.ts';

/**
 * An agent is there, and the page was hidden: the visitor is called back, and asked to join. As long as it stands, the
 * visitor is neither seen nor heard.
 */
export class JoinQuestion extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    answersStyles,
    css`
      :host {
        display: grid;
        gap: 8px;
        padding: 24px 24px 32px;
        text-align: center;
      }
      p {
        margin: 0;
      }
      .line {
        font-size: 24px;
        font-weight: 650;
        line-height: 1.25;
        text-wrap: balance;
      }
      .note {
        color: var(--_quiet);
      }
      footer {
        margin-block-start: 16px;
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @property({ attribute: false }) agentName = '';
  readonly #alarm = new VisitorAlarm();

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#alarm.stop();
  }

  protected override firstUpdated(): void {
    this.#alarm.start(this.agentName);
    this.renderRoot.querySelector('button')?.focus();
  }

  protected override render() {
    return html`<p class="line" role="alert">${msg(str`${this.agentName} is here for you`)}</p>
      <p class="note">${msg('Nobody sees or hears you before you join.')}</p>
      <footer>
        <button class="button primary" type="button" @click=${() => ask(this, 'join-call-request')}>
          ${msg('Join now')}
        </button>
        <button class="button" type="button" @click=${() => ask(this, 'hang-up-request')}>
          ${msg('Cancel')}
        </button>
      </footer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-join-question': JoinQuestion;
  }
}
