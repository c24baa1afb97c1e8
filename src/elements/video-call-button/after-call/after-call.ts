import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { OwnCall } from '../../../protocol/rest/own-call.ts';
import { saveConversation, type OwnCallClient } from '../../own-call/own-call-client.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { clockText } from '../../parts/texts/durations.ts';

/** The server may hear of the end after it is asked about the call. */
const RETRY_MS = 500;
const MAX_TRIES = 20;

/** The end of a call in the panel: come back, rate the call, save what was said, and the link to the call's page. */
export class AfterCall extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    css`
      :host {
        display: grid;
        justify-items: center;
        gap: 16px;
        inline-size: 100%;
      }
      p {
        margin: 0;
      }
      .quiet {
        color: var(--_quiet);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 12px;
      }
      .back {
        display: grid;
        justify-items: center;
        gap: 8px;
      }
      a {
        color: var(--_accent);
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @property({ attribute: false }) client: OwnCallClient | null = null;
  /** Goes back into the call. Resolves to whether it still lives. */
  @property({ attribute: false }) rejoin: () => Promise<boolean> = () => Promise.resolve(false);

  @state() private call: OwnCall | null = null;
  @state() private state: 'idle' | 'rejoining' | 'over' | 'failed' = 'idle';
  /** The server's clock less this device's, in ms. */
  #clockOffset = 0;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Frameworks move an element by removing it and inserting it again at once.
    queueMicrotask(() => {
      const isOver = this.state === 'over' || (this.call?.endedAt ?? null) !== null;
      if (this.isConnected || this.state === 'rejoining' || isOver) return;
      // The visitor has closed the panel, or calls again: the agent need not wait for them.
      this.client?.end().catch(() => {
        // Without a connection the call ends by itself when the time is over.
      });
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') && this.client) void this.#load(this.client);
  }

  /** While the call waits, the panel offers the way back alone, and no second call. */
  protected override updated(): void {
    this.toggleAttribute('waits', this.#secondsLeft() > 0);
  }

  async #load(client: OwnCallClient): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES && this.client === client; tries += 1) {
      const call = await client.read().catch(() => null);
      if (this.client !== client) return;
      this.call = call;
      this.#clockOffset = call ? call.now - Date.now() : 0;
      if (call && (call.endedAt !== null || call.leftUntil !== null)) return;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** For how long the visitor can come back. */
  #secondsLeft(): number {
    const { leftUntil = null, endedAt = null } = this.call ?? {};
    if (this.state === 'over' || leftUntil === null || endedAt !== null) return 0;
    return Math.ceil((leftUntil - Date.now() - this.#clockOffset) / 1000);
  }

  protected override render() {
    const { call } = this;
    return html`${this.#back()}
    ${
      call?.rating
        ? html`<rtc-rating-form .rating=${call.rating} .client=${this.client}></rtc-rating-form>`
        : nothing
    }
    ${call ? this.#kept(call) : nothing}
    ${this.state === 'failed' ? html`<p role="alert">${errorText('offline').text}</p>` : nothing}`;
  }

  #back() {
    if (this.state === 'over') return html`<p role="status">${msg('The call is over.')}</p>`;
    const left = this.#secondsLeft();
    if (left <= 0) return nothing;
    return html`<div class="back">
      <button
        class="button primary"
        type="button"
        ?disabled=${this.state === 'rejoining'}
        @click=${this.#rejoin}
      >
        ${msg('Back to the call')}
      </button>
      <p class="quiet">${msg(str`You can come back for ${clockText(left)}`)}</p>
    </div>`;
  }

  #kept({ messages, link }: OwnCall) {
    if (messages === 0 && !link) return nothing;
    return html`<div class="row">
      ${
        messages > 0
          ? html`<button class="button quiet" type="button" @click=${this.#save}>
              ${msg('Save what was said')}
            </button>`
          : nothing
      }
      ${
        link
          ? html`<a
              href=${this.client!.pageAddress(link.code)}
              target="_blank"
              rel="noopener noreferrer"
              >${msg('About this call')}</a
            >`
          : nothing
      }
    </div>`;
  }

  readonly #rejoin = async (): Promise<void> => {
    this.state = 'rejoining';
    // A browser that refuses storage cannot find the call again.
    const found = await this.rejoin().catch(() => false);
    if (!found) this.state = 'over';
  };

  readonly #save = async (): Promise<void> => {
    if (!this.client) return;
    this.state = 'idle';
    await saveConversation(this.client).catch(() => (this.state = 'failed'));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-after-call': AfterCall;
  }
}
