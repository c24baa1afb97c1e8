import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type {
  CaptionsControl,
  CaptionsSnapshot,
  ShownLine,
} from '../../../call/captions-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { chipStyles } from '../../parts/styles/chip-styles.ts';
import { shownName } from '../../parts/texts/names.ts';

/**
 * What others say, below the picture and above the names. A screen reader is told finished lines only: an unfinished one
 * changes with every word.
 */
export class CaptionsView extends LitElement {
  static override styles = [
    chipStyles,
    css`
      :host {
        position: absolute;
        /* Above the names of the tiles, and beside the own picture, which begins in this corner
           (pair-places.ts). */
        inset: auto calc(clamp(88px, 22cqi, 240px) + 28px) 48px 12px;
        display: grid;
        justify-items: center;
        gap: 6px;
        pointer-events: none;
        font: 400 16px/1.4 var(--_font);
      }
      .lines {
        display: grid;
        justify-items: center;
        gap: 4px;
        max-inline-size: min(640px, 100%);
      }
      .lines p {
        display: -webkit-box;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        max-inline-size: 100%;
        margin: 0;
        padding: 4px 12px;
        box-sizing: border-box;
        overflow: hidden;
        border-radius: 8px;
        background: rgb(10 18 24 / 88%);
        color: #fff;
        overflow-wrap: anywhere;
        text-wrap: pretty;
      }
      .original {
        display: block;
        color: #b9c6cf;
        font-size: 13px;
      }
      /* On a narrow room the newest line alone, without its original, so that the marks at the top stay free. */
      @container (width < 480px) {
        .lines p:not(:last-child),
        .original {
          display: none;
        }
      }
      .lines .unfinished {
        color: #d5dfe6;
      }
      strong {
        margin-inline-end: 6px;
        color: #9fd8ec;
        font-weight: 600;
      }
      .chip {
        max-inline-size: 100%;
        box-sizing: border-box;
        margin: 0;
        white-space: normal;
        text-align: center;
      }
      [role='log'] {
        position: absolute;
        inline-size: 1px;
        block-size: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    `,
  ];

  @property({ attribute: false }) room: RoomControl | null = null;
  @property({ attribute: false }) captions: CaptionsControl | null = null;
  readonly #store = new StoreController<CaptionsSnapshot>(this, () => this.captions);

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const snapshot = this.#store.snapshot;
    if (!snapshot) return nothing;
    const { shown, kept, lines, cloudError } = snapshot;
    const isAgent = this.room?.getSnapshot().people[0]?.role === 'agent';
    return html`
      <div class="lines" aria-hidden="true">${lines.map((line) => this.#line(line))}</div>
      <div role="log" aria-label=${msg('Captions')}>
        ${
          shown
            ? lines
                .filter(({ final }) => final)
                .map(({ from, translation, ...original }) => {
                  const { text, language } = translation ?? original;
                  return html`<p>
                    ${this.#name(from)}: <span lang=${language || nothing}>${text}</span>
                  </p>`;
                })
            : nothing
        }
      </div>
      ${kept ? html`<p class="chip">${msg('What is said is written down')}</p>` : nothing}
      ${cloudError && isAgent ? html`<p class="chip">${cloudText(cloudError)}</p>` : nothing}
    `;
  }

  #line({ from, text, language, final, translation }: ShownLine) {
    const original = html`<span dir="auto" lang=${language || nothing}>${text}</span>`;
    return html`<p class=${final ? '' : 'unfinished'}>
      <strong dir="auto">${this.#name(from)}</strong>${
        translation
          ? html`<span dir="auto" lang=${translation.language}>${translation.text}</span
              ><span class="original">${original}</span>`
          : original
      }
    </p>`;
  }

  #name(id: string): string {
    const person = this.room?.getSnapshot().people.find((one) => one.id === id);
    return person ? shownName(person.name) : '';
  }
}

/** Why TRTC does not recognise what the agent says. */
function cloudText(error: ErrorCode): string {
  return error === 'forbidden'
    ? msg('TRTC refuses to write your captions')
    : msg('TRTC does not write your captions');
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-captions': CaptionsView;
  }
}
