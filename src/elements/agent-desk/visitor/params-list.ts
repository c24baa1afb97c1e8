import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { paramTexts, type ParamText } from '../../../protocol/param-texts.ts';
import type { ParamWords } from '../../../protocol/views.ts';
import { checkIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { copyIcon } from '../desk-icons.ts';
import { deskStyles } from '../desk-styles.ts';
import { labelText } from '../label-text.ts';

/** How long a copied value shows its tick. */
const TICK_MS = 2_000;

/** The params from the visitor's page in the site's words, as plain text, whatever they contain. */
export class ParamsList extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        display: block;
      }
      dl {
        display: grid;
        gap: 8px;
      }
      dl > div {
        display: grid;
        grid-template-columns: minmax(80px, 34%) minmax(0, 1fr) auto;
        align-items: baseline;
        gap: 0 12px;
      }
      dt {
        color: var(--_quiet);
        font-size: 14px;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
      dd {
        min-width: 0;
        font-weight: 550;
        line-height: 24px;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      /* Centred on the first line of the value. */
      dd + dd {
        align-self: start;
        margin-block: -4px;
      }
      .icon-button {
        width: 32px;
        height: 32px;
        color: var(--_quiet);
      }
      .icon-button svg {
        width: 18px;
        height: 18px;
      }
      .icon-button.copied {
        color: var(--_ok);
      }
    `,
  ];

  @property({ attribute: false }) params: Readonly<Record<string, string>> = {};

  /** The site's words for them. */
  @property({ attribute: false }) words: ParamWords | undefined = undefined;

  /** Whether each value can be copied, as the page sent it. */
  @property({ type: Boolean }) copyable = false;

  @state() private copied: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.copied = null;
  }

  protected override render() {
    const entries = paramTexts(this.params, this.words, labelText);
    if (entries.length === 0) return nothing;
    return html`<dl>
        ${entries.map(
          (param) =>
            html`<div>
              <dt title=${param.name}>${shownLabel(param)}</dt>
              <dd title=${param.value}>${param.text}</dd>
              ${this.copyable ? html`<dd>${this.#copyButton(param)}</dd>` : nothing}
            </div>`,
        )}
      </dl>
      <span class="visually-hidden" role="status"
        >${this.copied === null ? '' : msg('Copied')}</span
      >`;
  }

  #copyButton(param: ParamText) {
    const copied = this.copied === param.name;
    const name = msg(str`Copy ${shownLabel(param)}`);
    return html`<button
      class="icon-button ${copied ? 'copied' : ''}"
      aria-label=${name}
      title=${name}
      @click=${() => this.#copy(param)}
    >
      ${copied ? checkIcon() : copyIcon()}
    </button>`;
  }

  async #copy({ name, value }: ParamText): Promise<void> {
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // The frame has no permission: no tick is shown, and the value can be selected by hand.
      return;
    }
    clearTimeout(this.#timer);
    this.copied = name;
    this.#timer = setTimeout(() => (this.copied = null), TICK_MS);
  }
}

const shownLabel = ({ name, label }: ParamText): string => label ?? readableName(name);

/** A name in readable form: `meter_no` → `Meter no`, `orderId` → `Order id`. */
function readableName(key: string): string {
  const words = key
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim();
  if (!words) return key;
  const [first = '', ...rest] = words;
  const lower = rest.join('').replace(/\p{Lu}(?=\p{Ll})/gu, (letter) => letter.toLowerCase());
  return first.toLocaleUpperCase() + lower;
}
