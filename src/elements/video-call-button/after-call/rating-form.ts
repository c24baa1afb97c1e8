import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { OwnCall } from '../../../protocol/rest/own-call.ts';
import type { OwnCallClient, OwnCallError } from '../../own-call/own-call-client.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { languageOf } from '../button-texts.ts';

type Rating = NonNullable<OwnCall['rating']>;

const YES = 5;
const NO = 1;

/** Asks for 1 to 5 stars, or for yes or no, then for reasons and a text. */
export class RatingForm extends LitElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    fieldStyles,
    css`
      :host {
        display: block;
        inline-size: 100%;
      }
      form {
        display: grid;
        gap: 16px;
        justify-items: center;
      }
      fieldset {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 8px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        inline-size: 100%;
        padding: 0;
        margin-block-end: 8px;
        font-weight: 600;
        text-align: center;
      }
      label.choice {
        position: relative;
        display: grid;
        place-items: center;
        min-inline-size: 44px;
        min-block-size: 44px;
        box-sizing: border-box;
        padding: 4px 12px;
        border: 1px solid var(--_line-strong);
        border-radius: var(--_radius-small);
        cursor: pointer;
      }
      label.choice:has(:checked) {
        border-color: var(--_accent);
        background: var(--_accent-soft);
      }
      label.star {
        padding: 0;
        border-color: transparent;
        background: none;
        color: var(--_line-strong);
        font-size: 32px;
        line-height: 1;
      }
      label.star.on {
        color: var(--_accent);
      }
      label.choice:has(:focus-visible) {
        outline: 3px solid var(--_accent);
        outline-offset: 2px;
      }
      .choice input {
        position: absolute;
        inset: 0;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      .field {
        inline-size: 100%;
        text-align: start;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property({ attribute: false }) rating: Rating | null = null;
  @property({ attribute: false }) client: OwnCallClient | null = null;

  @state() private value = 0;
  @state() private reasons: readonly string[] = [];
  @state() private text = '';
  @state() private state: 'open' | 'sending' | 'sent' | 'failed' | 'late' = 'open';

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const given = this.rating?.given;
    if (!changed.has('rating') || !given || this.value !== 0) return;
    this.value = given.value;
    this.reasons = given.reasons;
    this.text = given.text;
    this.state = 'sent';
  }

  protected override render() {
    const { rating, state } = this;
    if (!rating) return nothing;
    if (state === 'sent') {
      return html`<form @submit=${(event: Event) => event.preventDefault()}>
        <p role="status">${msg('Thank you for your rating.')}</p>
        <button class="button quiet" type="button" @click=${() => (this.state = 'open')}>
          ${msg('Change the rating')}
        </button>
      </form>`;
    }
    if (state === 'late') {
      return html`<p role="status">${msg('The rating can no longer be changed.')}</p>`;
    }
    return html`<form @submit=${this.#submit}>
      ${rating.kind === 'stars' ? this.#stars() : this.#yesOrNo()}
      ${this.value === 0 ? nothing : this.#more(rating)}
    </form>`;
  }

  #stars() {
    return html`<fieldset>
      <legend>${msg('How was the call?')}</legend>
      ${[1, 2, 3, 4, 5].map((value) =>
        this.#choice(
          value,
          msg(str`${value} of 5`),
          '★',
          `star ${value <= this.value ? 'on' : ''}`,
        ),
      )}
    </fieldset>`;
  }

  #yesOrNo() {
    return html`<fieldset>
      <legend>${msg('Did the call help you?')}</legend>
      ${this.#choice(YES, msg('Yes'), msg('Yes'), '')} ${this.#choice(NO, msg('No'), msg('No'), '')}
    </fieldset>`;
  }

  #choice(value: number, name: string, shown: string, look: string) {
    return html`<label class="choice ${look}">
      <input
        type="radio"
        name="value"
        aria-label=${name}
        .checked=${this.value === value}
        @change=${() => (this.value = value)}
      />
      <span aria-hidden="true">${shown}</span>
    </label>`;
  }

  #more({ reasons, text }: Rating) {
    const language = languageOf(this);
    return html`${
        reasons.length > 0
          ? html`<fieldset>
              <legend>${msg('Why?')}</legend>
              ${reasons.map(
                ({ id, label }) =>
                  html`<label class="choice">
                    <input
                      type="checkbox"
                      .checked=${this.reasons.includes(id)}
                      @change=${() => this.#toggle(id)}
                    />
                    ${label[language] ?? label.en ?? label['zh-CN'] ?? id}
                  </label>`,
              )}
            </fieldset>`
          : nothing
      }
      ${
        text
          ? html`<div class="field">
              <label for="text">${msg('Anything else? (optional)')}</label>
              <textarea
                id="text"
                rows="3"
                maxlength="1000"
                .value=${this.text}
                @input=${(event: Event) =>
                  (this.text = (event.target as HTMLTextAreaElement).value)}
              ></textarea>
            </div>`
          : nothing
      }
      ${
        this.state === 'failed'
          ? html`<p role="alert">${msg('The rating could not be sent. Please try again.')}</p>`
          : nothing
      }
      <button class="button primary" type="submit" ?disabled=${this.state === 'sending'}>
        ${msg('Send rating')}
      </button>`;
  }

  #toggle(id: string): void {
    this.reasons = this.reasons.includes(id)
      ? this.reasons.filter((one) => one !== id)
      : [...this.reasons, id];
  }

  readonly #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { client, value, reasons, text } = this;
    if (!client) return;
    this.state = 'sending';
    try {
      await client.rate({
        value,
        reasons: [...reasons],
        ...(text.trim() && { text: text.trim() }),
      });
      this.state = 'sent';
    } catch (error) {
      this.state = (error as OwnCallError).status === 409 ? 'late' : 'failed';
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-rating-form': RatingForm;
  }
}
