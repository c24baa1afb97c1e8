import { msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import type { ConsentView } from '../../protocol/visitor-view.ts';
import { StoreController } from '../parts/controllers/store-controller.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { errorText } from '../parts/texts/error-text.ts';
import { siteText } from '../parts/texts/site-text.ts';
import { CallbackAlarm } from './callback-alarm.ts';
import { cardStyles } from '../parts/styles/card-styles.ts';
import { callbackCardStyles } from './callback-card-styles.ts';
import { callbackText } from './callback-texts.ts';
import { isOpenCallback, type CallbackWatch } from './callback-watch.ts';

/** The visitor wants to come into the call. */
export class JoinRequestEvent extends Event {
  constructor() {
    super('join-request');
  }
}

/** The visitor wants a notification in this browser. */
export class NotifyRequestEvent extends Event {
  constructor() {
    super('notify-request');
  }
}

/** How a callback stands. It rings when its visitor is asked in. */
export class CallbackCard extends LitElement {
  static override styles = [theme, buttonStyles, cardStyles, callbackCardStyles];

  @property({ attribute: false }) watch: CallbackWatch | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  /** Whether this browser can be notified: `offered`, `on`, or null if it cannot. */
  @property({ attribute: false }) notification: 'offered' | 'on' | 'refused' | null = null;
  /** The cancellation got no answer. */
  @state() private failed = false;

  readonly #store = new StoreController(this, () => this.watch);
  readonly #alarm = new CallbackAlarm();

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#alarm.stop();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (!this.isConnected) return;
    if (this.#store.snapshot?.ringing) this.#alarm.start(msg('Your agent is here'));
    else this.#alarm.stop();
  }

  protected override render() {
    const { snapshot } = this.#store;
    if (!snapshot) return nothing;
    const { ringing, callback, offline } = snapshot;
    const { title, text } = callbackText(snapshot);
    const open = isOpenCallback(snapshot) && callback !== null && callback.state !== null;
    return html`<section
      role=${ringing ? 'alertdialog' : 'group'}
      aria-labelledby="title"
      aria-describedby="text"
    >
      <h2 id="title">${title}</h2>
      <p id="text" role="status">${text}</p>
      ${offline || this.failed ? html`<p role="alert">${errorText('offline').text}</p>` : nothing}
      ${ringing && callback?.consent ? consentText(callback.consent) : nothing}
      <footer>
        ${
          ringing
            ? html`<button class="button primary" type="button" @click=${this.#join}>
                ${callback?.consent ? msg('Agree, and join the call') : msg('Join the call')}
              </button>`
            : nothing
        }
        ${open && !ringing ? this.#notify() : nothing}
        ${
          open
            ? html`<button class="button" type="button" @click=${this.#cancel}>
                ${msg('Cancel the callback')}
              </button>`
            : nothing
        }
      </footer>
    </section>`;
  }

  #notify(): TemplateResult | typeof nothing {
    switch (this.notification) {
      case null:
        return nothing;
      case 'on':
        return html`<p class="quiet">${msg('This browser will notify you.')}</p>`;
      case 'refused':
        return html`<p class="quiet">${msg('This browser does not allow notifications.')}</p>`;
      case 'offered':
        return html`<button
          class="button"
          type="button"
          @click=${() => this.dispatchEvent(new NotifyRequestEvent())}
        >
          ${msg('Notify me in this browser')}
        </button>`;
    }
  }

  readonly #join = async (): Promise<void> => {
    this.failed = false;
    try {
      // Without a consent the call begins within the press.
      if (this.#store.snapshot?.callback?.consent) await this.watch?.agree();
      this.dispatchEvent(new JoinRequestEvent());
    } catch {
      this.failed = true;
    }
  };

  readonly #cancel = async (): Promise<void> => {
    this.failed = false;
    try {
      await this.watch?.cancel();
    } catch {
      this.failed = true;
    }
  };
}

/** What the site asks before camera and microphone are asked for. */
function consentText({ text, link }: ConsentView): TemplateResult {
  const [shown, language] = siteText(text);
  return html`<p class="consent" lang=${language}>${shown}</p>
    ${
      link === null
        ? nothing
        : html`<p>
            <a href=${link} target="_blank" rel="noopener noreferrer">${msg('Read more')}</a>
          </p>`
    }`;
}

// A page may load two versions of the script: the class that came first stays.
if (!customElements.get('rtc-callback-card')) {
  customElements.define('rtc-callback-card', CallbackCard);
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-callback-card': CallbackCard;
  }
  interface GlobalEventHandlersEventMap {
    'join-request': JoinRequestEvent;
    'notify-request': NotifyRequestEvent;
  }
}
