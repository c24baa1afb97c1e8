import { msg, str } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { HandOver } from '../../protocol/rest/hand-over.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { cardStyles } from '../parts/styles/card-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { errorText } from '../parts/texts/error-text.ts';
import { UnknownHandOverError } from './hand-over-client.ts';

/** What the card asks for. */
export interface HandOverActions {
  /** Rejects with an UnknownHandOverError, or with another error if the server does not answer. */
  read(): Promise<HandOver>;
  /** Takes the call of the code. Rejects with an RtcDeskError. */
  take(handOver: HandOver): Promise<void>;
}

/**
 * Takes a call over on this device, at a press: a program that only looks at the link of a code takes nothing. Fires
 * `hand-over-taken` when the call is here.
 */
export class HandOverCard extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    cardStyles,
    css`
      p {
        margin: 0 0 12px;
        overflow-wrap: anywhere;
      }
      .quiet {
        color: var(--_quiet);
      }
      .button {
        inline-size: 100%;
        min-block-size: 48px;
      }
    `,
  ];

  @property({ attribute: false }) actions: HandOverActions | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @state() private handOver: HandOver | null = null;
  @state() private taking = false;
  @state() private problem: 'unknown' | 'offline' | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override firstUpdated(): void {
    void this.#read();
  }

  protected override render() {
    const { handOver, problem } = this;
    if (problem === 'unknown') {
      return html`<p role="alert">${msg('This code no longer works.')}</p>
        <p class="quiet">${msg('Show a new code on your computer, and scan that one.')}</p>`;
    }
    if (problem === 'offline') {
      return html`<p role="alert">${errorText('offline').text}</p>
        <button
          class="button"
          type="button"
          @click=${() => (handOver ? this.#take(handOver) : this.#read())}
        >
          ${msg('Try again')}
        </button>`;
    }
    if (!handOver) return html`<p class="quiet" role="status">${msg('Loading…')}</p>`;
    return html`<p>
        ${msg(str`Your call with ${handOver.siteName} continues here and ends on your computer.`)}
      </p>
      <button
        class="button primary"
        type="button"
        ?disabled=${this.taking}
        @click=${() => this.#take(handOver)}
      >
        ${msg('Continue on this device')}
      </button>`;
  }

  async #read(): Promise<void> {
    this.problem = null;
    try {
      this.handOver = await this.actions!.read();
    } catch (error) {
      this.problem = error instanceof UnknownHandOverError ? 'unknown' : 'offline';
    }
  }

  async #take(handOver: HandOver): Promise<void> {
    this.problem = null;
    this.taking = true;
    try {
      await this.actions!.take(handOver);
      this.dispatchEvent(new Event('hand-over-taken'));
    } catch (error) {
      const refused = error instanceof RtcDeskError && error.code === 'not-found';
      this.problem = refused ? 'unknown' : 'offline';
    } finally {
      this.taking = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-hand-over-card': HandOverCard;
  }
}
