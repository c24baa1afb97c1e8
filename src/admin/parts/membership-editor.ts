import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { consoleStyles, fieldStyles } from './console-styles.ts';
import type { Option } from './fields.ts';

export interface Level {
  readonly id: string;
  /** 1 is the best. */
  readonly level: number;
}

/** The list of chosen ones with their levels has changed. */
export class LevelsChangedEvent extends Event {
  constructor(readonly levels: readonly Level[]) {
    super('levels-changed');
  }
}

/** Chooses some of many, each with a level from 1 to 5: the groups of an agent, or the agents of a group. */
@localized()
export class MembershipEditor extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      ul {
        display: grid;
        gap: 8px;
        margin: 0 0 12px;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 12px;
        align-items: center;
        padding: 8px 8px 8px 14px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
      .name {
        flex: 1;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      li select {
        width: auto;
      }
      .add {
        max-width: 420px;
      }
    `,
  ];

  @property({ attribute: false }) levels: readonly Level[] = [];
  /** All that can be chosen. */
  @property({ attribute: false }) options: readonly Option[] = [];
  /** The label of the choice, for example “Add a skill group”. */
  @property({ attribute: 'add-label' }) addLabel = '';
  @property({ type: Boolean }) disabled = false;

  protected override render() {
    const chosen = new Set(this.levels.map(({ id }) => id));
    const left = this.options.filter(({ value }) => !chosen.has(value));
    return html`${
      this.levels.length > 0
        ? html`<ul>
            ${this.levels.map((one) => this.#renderOne(one))}
          </ul>`
        : html`<p class="quiet">${msg('None yet.')}</p>`
    }
    ${
      this.disabled || left.length === 0
        ? nothing
        : html`<div class="field add">
            <label for="add">${this.addLabel}</label>
            <select id="add" @change=${this.#add}>
              <option value="" .selected=${live(true)}>${msg('Choose…')}</option>
              ${left.map(({ value, label }) => html`<option value=${value}>${label}</option>`)}
            </select>
          </div>`
    }`;
  }

  #renderOne({ id, level }: Level) {
    const name = this.options.find(({ value }) => value === id)?.label ?? id;
    return html`<li>
      <span class="name">${name}</span>
      <select
        aria-label=${msg(str`Level of ${name}`)}
        ?disabled=${this.disabled}
        @change=${(event: Event) => {
          const chosen = Number((event.target as HTMLSelectElement).value);
          this.#set(this.levels.map((one) => (one.id === id ? { id, level: chosen } : one)));
        }}
      >
        ${[1, 2, 3, 4, 5].map(
          (value) =>
            html`<option value=${value} .selected=${live(value === level)}>
              ${value === 1 ? msg('Level 1 (best)') : msg(str`Level ${value}`)}
            </option>`,
        )}
      </select>
      ${
        this.disabled
          ? nothing
          : html`<wa-button
              appearance="plain"
              size="s"
              @click=${() => this.#set(this.levels.filter((one) => one.id !== id))}
            >
              <wa-icon name="trash" label=${msg(str`Remove ${name}`)}></wa-icon>
            </wa-button>`
      }
    </li>`;
  }

  #add(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    if (value) this.#set([...this.levels, { id: value, level: 1 }]);
  }

  #set(levels: readonly Level[]): void {
    this.dispatchEvent(new LevelsChangedEvent(levels));
  }
}
