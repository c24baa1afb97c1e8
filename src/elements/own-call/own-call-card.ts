import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import type { OwnCall, OwnConversation } from '../../protocol/rest/own-call.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { errorText } from '../parts/texts/error-text.ts';
import { durationText } from '../parts/texts/durations.ts';
import { linkedText } from '../parts/texts/linked-text.ts';
import { shownName } from '../parts/texts/names.ts';
import { dayText, timeText } from '../parts/texts/time-texts.ts';
import { saveConversation, type OwnCallClient, type OwnCallError } from './own-call-client.ts';

type Message = OwnConversation['messages'][number];

/** What is kept of a visitor's own call: when it was, with whom, and what was said. */
export class OwnCallCard extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
        box-sizing: border-box;
        inline-size: min(640px, 100vw - 32px);
        color: var(--_text);
      }
      section {
        padding: 24px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        background: var(--_raised);
      }
      h2 {
        margin: 0 0 16px;
        font-size: 20px;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
        gap: 16px;
        margin: 0;
      }
      dt,
      .quiet {
        color: var(--_quiet);
        font-size: 14px;
      }
      dd,
      p {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ol {
        display: grid;
        gap: 16px;
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
      }
      .text {
        white-space: pre-wrap;
      }
      img {
        max-inline-size: 100%;
        block-size: auto;
        border-radius: var(--_radius-small);
      }
    `,
  ];

  @property({ attribute: false }) client: OwnCallClient | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;

  @state() private call: OwnCall | null = null;
  @state() private conversation: OwnConversation | null = null;
  @state() private problem: 'gone' | 'offline' | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') && this.client) void this.#load(this.client);
  }

  async #load(client: OwnCallClient): Promise<void> {
    this.problem = null;
    try {
      [this.call, this.conversation] = await Promise.all([
        client.read(),
        client.readConversation(),
      ]);
      this.dispatchEvent(new Event('loaded'));
    } catch (error) {
      const { status } = error as OwnCallError;
      this.problem = status === 401 || status === 404 ? 'gone' : 'offline';
    }
  }

  /** The name of the site; '' before it is known. */
  get siteName(): string {
    return this.call?.siteName ?? '';
  }

  protected override render() {
    const { call, conversation, problem } = this;
    if (problem === 'gone') {
      return html`<section>
          <h2>${msg('This call is no longer available')}</h2>
          <p>${msg('The link has expired, or the call was deleted.')}</p>
        </section>
        ${this.#ledger()}`;
    }
    if (problem === 'offline') {
      return html`<section>
        <p role="alert">${errorText('offline').text}</p>
        <p>
          <button class="button" type="button" @click=${() => this.#load(this.client!)}>
            ${msg('Try again')}
          </button>
        </p>
      </section>`;
    }
    if (!call || !conversation) return html`<p role="status">${msg('Loading…')}</p>`;
    return html`${this.#facts(call)} ${this.#said(conversation)} ${this.#ledger()}`;
  }

  #ledger() {
    return html`<rtc-own-call-ledger
      .client=${this.client}
      theme=${this.theme ?? nothing}
      @erased=${() => (this.problem = 'gone')}
    ></rtc-own-call-ledger>`;
  }

  #facts({ siteName, agentName, group, requestedAt, endedAt, seconds }: OwnCall) {
    const facts: [string, string][] = [
      [msg('When'), `${dayText(requestedAt)}, ${timeText(requestedAt)}`],
      ...(agentName === null ? [] : [[msg('With'), agentName] as [string, string]]),
      ...(group === null ? [] : [[msg('Group'), group] as [string, string]]),
      ...(endedAt === null ? [] : [[msg('Length'), durationText(seconds)] as [string, string]]),
    ];
    return html`<section>
      <h2>${siteName}</h2>
      <dl>
        ${facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </section>`;
  }

  #said(conversation: OwnConversation) {
    const { messages } = conversation;
    return html`<section>
      <h2>${msg('What was said')}</h2>
      ${
        messages.length === 0
          ? html`<p class="quiet">${msg('There are no messages.')}</p>`
          : html`<ol>
                ${messages.map((message) => this.#message(message, conversation))}
              </ol>
              <button class="button" type="button" @click=${this.#save}>
                ${msg('Save what was said')}
              </button>`
      }
    </section>`;
  }

  #message({ name, role, sentAt, text, image }: Message, conversation: OwnConversation) {
    return html`<li>
      <p class="quiet">
        ${role === 'visitor' ? msg('You') : shownName(name)} · ${timeText(sentAt)}
      </p>
      ${text === null ? nothing : html`<p class="text">${linkedText(text)}</p>`}
      ${
        image
          ? html`<img
              src=${this.client!.fileAddress(conversation, image.id)}
              width=${image.width}
              height=${image.height}
              alt=${msg('Picture in the conversation')}
            />`
          : nothing
      }
    </li>`;
  }

  readonly #save = async (): Promise<void> => {
    await saveConversation(this.client!).catch(() => (this.problem = 'offline'));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-own-call-card': OwnCallCard;
  }
}
