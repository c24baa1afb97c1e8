import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LocaleController } from '../../locales/locale-controller.ts';
import type { OwnCallLedger, OwnErasure } from '../../protocol/rest/own-call.ts';
import { buttonStyles } from '../parts/styles/button-styles.ts';
import { theme } from '../parts/styles/theme.ts';
import { errorText } from '../parts/texts/error-text.ts';
import { shownName } from '../parts/texts/names.ts';
import { siteText } from '../parts/texts/site-text.ts';
import { dayText, timeText } from '../parts/texts/time-texts.ts';
import { dateText, readerText, recordingText, roleText, whatText } from './ledger-texts.ts';
import { OwnCallError, type OwnCallClient } from './own-call-client.ts';

/** How often the page asks whether the call is erased, in ms. */
const ASK_AGAIN_MS = 3_000;

/**
 * The privacy ledger of a visitor's own call: who was there, what was recorded, who has looked at it, when it is deleted;
 * and a button that has it erased. Fires `erased` when the call is gone.
 */
export class OwnCallLedgerElement extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    css`
      :host {
        display: block;
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
      h3 {
        margin: 20px 0 4px;
        font-size: 16px;
        outline: none;
      }
      p,
      ul {
        margin: 0;
        overflow-wrap: anywhere;
      }
      ul {
        padding-inline-start: 20px;
      }
      .state {
        margin-block-start: 20px;
        font-weight: 600;
        outline: none;
      }
      .quiet {
        color: var(--_quiet);
        font-size: 14px;
      }
      .text {
        margin-block-start: 8px;
        white-space: pre-wrap;
      }
      code {
        font-size: 12px;
        overflow-wrap: anywhere;
        user-select: all;
      }
      .answers {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        margin-block-start: 12px;
      }
    `,
  ];

  @property({ attribute: false }) client: OwnCallClient | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;

  @state() private ledger: OwnCallLedger | null = null;
  @state() private erasure: OwnErasure | null = null;
  @state() private step: 'idle' | 'asking' | 'sending' = 'idle';
  @state() private offline = false;
  @query('[data-focus]') private readonly focusTarget!: HTMLElement | null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('client') && this.client) void this.#load(this.client);
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('step') || changed.has('erasure')) this.focusTarget?.focus();
  }

  async #load(client: OwnCallClient): Promise<void> {
    this.offline = false;
    try {
      [this.ledger, this.erasure] = await Promise.all([
        client.readLedger().catch(nullIfMissing),
        client.readErasure().catch(nullIfMissing),
      ]);
      this.#follow();
    } catch {
      this.offline = true;
    }
  }

  /** Looks again until the call is erased. */
  #follow(): void {
    clearTimeout(this.#timer);
    if (!this.erasure) return;
    if (this.erasure.finishedAt !== null) {
      this.ledger = null;
      this.dispatchEvent(new Event('erased'));
      return;
    }
    this.#timer = setTimeout(() => {
      if (this.isConnected) void this.#load(this.client!);
    }, ASK_AGAIN_MS);
  }

  protected override render() {
    const { ledger, erasure } = this;
    if (!ledger && !erasure && !this.offline) return nothing;
    return html`<section>
      <h2>${msg('What is kept of this call')}</h2>
      ${ledger && (erasure?.finishedAt ?? null) === null ? this.#facts(ledger) : nothing}
      ${
        this.offline
          ? html`<p role="alert">${errorText('offline').text}</p>
              <div class="answers">
                <button class="button" type="button" @click=${() => this.#load(this.client!)}>
                  ${msg('Try again')}
                </button>
              </div>`
          : erasure
            ? this.#erasure(erasure)
            : this.#question()
      }
    </section>`;
  }

  #facts({ people, recordings, captions, readings, consent, deletion }: OwnCallLedger) {
    return html`
      ${part(
        msg('Who was in the call'),
        msg('Nobody.'),
        people.map(
          ({ role, name, enteredAt, leftAt }) =>
            html`${role === 'visitor' ? msg('You') : shownName(name)}
              <span class="quiet"
                >${role === 'visitor' ? '' : `${roleText(role)} · `}${timeText(enteredAt)} –
                ${leftAt === null ? msg('now') : timeText(leftAt)}</span
              >`,
        ),
      )}
      ${part(
        msg('What was recorded'),
        msg('Sound and video were not recorded.'),
        recordings.flatMap(({ type, at }) => {
          const text = recordingText(type);
          return text ? [html`${text} <span class="quiet">${timeText(at)}</span>`] : [];
        }),
      )}
      ${
        captions === 0
          ? nothing
          : html`<p>
              ${msg(str`What was said was written down, and is kept with the conversation. Lines: ${captions}`)}
            </p>`
      }
      ${part(
        msg('Who has looked at it since'),
        msg('Nobody.'),
        readings.map(
          (reading) =>
            html`${readerText(reading)}: ${whatText(reading.what)}
              <span class="quiet">${dayText(reading.at)}, ${timeText(reading.at)}</span>`,
        ),
      )}
      ${consent ? this.#consent(consent) : nothing} ${deletion ? this.#deletion(deletion) : nothing}
    `;
  }

  #consent({ agreed, at, text, link }: NonNullable<OwnCallLedger['consent']>) {
    const when = `${dayText(at)}, ${timeText(at)}`;
    const [shown, language] = siteText(text);
    return html`<h3>${msg('What you were asked before the call')}</h3>
      <p>${agreed ? msg(str`You agreed: ${when}`) : msg(str`You did not agree: ${when}`)}</p>
      <details>
        <summary>${msg('Show the text')}</summary>
        <p class="text" lang=${language}>${shown}</p>
        ${
          link === null
            ? nothing
            : html`<p>
                <a href=${link} target="_blank" rel="noopener noreferrer">${msg('Read more')}</a>
              </p>`
        }
      </details>`;
  }

  #deletion({ call, conversation, pictures }: NonNullable<OwnCallLedger['deletion']>) {
    return part(msg('When it is deleted'), '', [
      html`${msg('Pictures')}: ${dateText(pictures)}`,
      html`${msg('The conversation')}: ${dateText(conversation)}`,
      html`${msg('The call, with everything that belongs to it')}: ${dateText(call)}`,
    ]);
  }

  #question(): TemplateResult {
    if (this.step === 'idle') {
      return html`<div class="answers">
        <button class="button" type="button" @click=${() => (this.step = 'asking')}>
          ${msg('Erase this call')}
        </button>
      </div>`;
    }
    return html`<h3 tabindex="-1" data-focus>${msg('Erase this call?')}</h3>
      <p>
        ${msg('Everything that is kept of it is erased: the conversation, its pictures, and this page. Nobody can bring it back.')}
      </p>
      <div class="answers">
        <button
          class="button danger"
          type="button"
          ?disabled=${this.step === 'sending'}
          @click=${this.#erase}
        >
          ${msg('Erase it now')}
        </button>
        <button class="button" type="button" @click=${() => (this.step = 'idle')}>
          ${msg('Keep it')}
        </button>
      </div>`;
  }

  #erasure({ id, requestedAt, finishedAt, certificate }: OwnErasure): TemplateResult {
    const at = finishedAt ?? requestedAt;
    const when = `${dayText(at)}, ${timeText(at)}`;
    return html`<p class="state" tabindex="-1" data-focus role="status">
        ${
          finishedAt === null
            ? msg('The erasure is ordered. It takes a moment.')
            : msg(str`This call was erased: ${when}`)
        }
      </p>
      <p class="quiet">${msg(str`Number of the erasure: ${id}`)}</p>
      ${
        certificate === null
          ? nothing
          : html`<details>
              <summary>${msg('The signed certificate')}</summary>
              <p><code>${certificate}</code></p>
            </details>`
      }`;
  }

  readonly #erase = async (): Promise<void> => {
    this.step = 'sending';
    try {
      this.erasure = await this.client!.erase();
      this.#follow();
    } catch (error) {
      if (isMissing(error)) await this.#load(this.client!);
      else this.offline = true;
    } finally {
      this.step = 'idle';
    }
  };
}

function part(heading: string, empty: string, lines: readonly TemplateResult[]): TemplateResult {
  return html`<h3>${heading}</h3>
    ${
      lines.length === 0
        ? html`<p>${empty}</p>`
        : html`<ul>
            ${lines.map((line) => html`<li>${line}</li>`)}
          </ul>`
    }`;
}

/** The call was deleted, or nobody has ordered its erasure. */
const isMissing = (error: unknown): boolean =>
  error instanceof OwnCallError && (error.status === 404 || error.status === 401);

function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-own-call-ledger': OwnCallLedgerElement;
  }
}
