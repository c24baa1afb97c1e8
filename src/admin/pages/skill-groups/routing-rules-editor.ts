import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { RoutingRules } from '../../../protocol/rest/routing-rules.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import type { Option } from '../../parts/fields.ts';

type Ring = NonNullable<RoutingRules['rings']>[number];

/** The rules of a skill group have changed. */
export class RulesChangedEvent extends Event {
  constructor(readonly rules: RoutingRules) {
    super('rules-changed');
  }
}

const PREFER_LAST_SECONDS = 30;
const GROWTH = { everySeconds: 60, upTo: 9 };

/** How calls of a group find an agent: the last agent first, growing priority, and rings that widen with the wait. */
@localized()
export class RoutingRulesEditor extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .sub {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        padding-left: 30px;
      }
      .sub .field {
        flex: 0 1 220px;
      }
      .ring {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
      .ring .fields {
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 180px), 1fr));
      }
      .groups {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
      }
    `,
  ];

  @property({ attribute: false }) rules: RoutingRules = {};
  /** The other groups of the site. */
  @property({ attribute: false }) groups: readonly Option[] = [];
  @property({ type: Boolean }) disabled = false;

  protected override render() {
    const { preferLast, priorityGrowth, rings = [] } = this.rules;
    return html`${this.#check(
        'prefer-last',
        msg('Prefer the agent with whom the visitor spoke last'),
        preferLast !== undefined,
        (on) => this.#set({ preferLast: on ? { seconds: PREFER_LAST_SECONDS } : undefined }),
      )}
      ${
        preferLast
          ? html`<div class="sub">
              ${this.#number(
                'prefer-seconds',
                msg('Wait for that agent (seconds)'),
                preferLast.seconds,
                0,
                86_400,
                (seconds) => this.#set({ preferLast: { seconds } }),
              )}
            </div>`
          : nothing
      }
      ${this.#check(
        'growth',
        msg('Raise the priority of calls that wait long'),
        priorityGrowth !== undefined,
        (on) => this.#set({ priorityGrowth: on ? GROWTH : undefined }),
      )}
      ${
        priorityGrowth
          ? html`<div class="sub">
              ${this.#number(
                'growth-seconds',
                msg('By one each (seconds)'),
                priorityGrowth.everySeconds,
                1,
                86_400,
                (everySeconds) =>
                  this.#set({ priorityGrowth: { ...priorityGrowth, everySeconds } }),
              )}
              ${this.#number('growth-limit', msg('Up to'), priorityGrowth.upTo, 1, 9, (upTo) =>
                this.#set({ priorityGrowth: { ...priorityGrowth, upTo } }),
              )}
            </div>`
          : nothing
      }
      <div>
        <p class="label" id="rings">${msg('Rings')}</p>
        <p class="hint">
          ${msg('A ring adds agents to those who are asked once a call has waited long enough.')}
        </p>
      </div>
      ${rings.map((ring, index) => this.#renderRing(ring, index))}
      ${
        this.disabled || rings.length >= 10
          ? nothing
          : html`<div>
              <wa-button
                appearance="outlined"
                size="s"
                @click=${() => this.#setRings([...rings, { afterSeconds: 30, groups: [] }])}
              >
                <wa-icon slot="start" name="plus"></wa-icon>${msg('Add a ring')}
              </wa-button>
            </div>`
      }`;
  }

  #renderRing(ring: Ring, index: number) {
    const rings = this.rules.rings ?? [];
    const name = msg(str`Ring ${index + 1}`);
    const change = (part: Partial<Ring>) =>
      this.#setRings(rings.map((one, at) => (at === index ? { ...one, ...part } : one)));
    const chosen = new Set(ring.groups ?? []);
    return html`<div class="ring" role="group" aria-label=${name}>
      <div class="fields">
        ${this.#number(
          `ring-${index}-after`,
          msg('After (seconds)'),
          ring.afterSeconds,
          0,
          86_400,
          (afterSeconds) => change({ afterSeconds }),
        )}
        <div class="field">
          <label for="ring-${index}-level">${msg('Levels')}</label>
          <select
            id="ring-${index}-level"
            ?disabled=${this.disabled}
            @change=${(event: Event) =>
              change({ maxLevel: Number((event.target as HTMLSelectElement).value) })}
          >
            ${[1, 2, 3, 4, 5].map(
              (level) =>
                html`<option value=${level} .selected=${live((ring.maxLevel ?? 5) === level)}>
                  ${level === 5 ? msg('All levels') : msg(str`1 to ${level}`)}
                </option>`,
            )}
          </select>
        </div>
      </div>
      ${
        this.groups.length > 0
          ? html`<div>
              <p class="label">${msg('Also agents of')}</p>
              <div class="groups">
                ${this.groups.map(({ value, label }) =>
                  this.#check(`ring-${index}-${value}`, label, chosen.has(value), (on) =>
                    change({
                      groups: on
                        ? [...chosen, value]
                        : [...chosen].filter((group) => group !== value),
                    }),
                  ),
                )}
              </div>
            </div>`
          : nothing
      }
      ${
        this.disabled
          ? nothing
          : html`<div>
              <wa-button
                appearance="plain"
                size="s"
                @click=${() => this.#setRings(rings.filter((_, at) => at !== index))}
              >
                <wa-icon slot="start" name="trash"></wa-icon>${msg(str`Remove ring ${index + 1}`)}
              </wa-button>
            </div>`
      }
    </div>`;
  }

  #check(id: string, label: string, checked: boolean, set: (on: boolean) => void) {
    return html`<div class="check">
      <input
        type="checkbox"
        id=${id}
        .checked=${live(checked)}
        ?disabled=${this.disabled}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
      />
      <label for=${id}>${label}</label>
    </div>`;
  }

  #number(
    id: string,
    label: string,
    value: number,
    min: number,
    max: number,
    set: (value: number) => void,
  ) {
    return html`<div class="field">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="number"
        inputmode="numeric"
        min=${min}
        max=${max}
        .value=${live(String(value))}
        ?disabled=${this.disabled}
        @change=${(event: Event) => {
          const { valueAsNumber } = event.target as HTMLInputElement;
          const whole = Math.round(valueAsNumber);
          set(Number.isNaN(whole) ? min : Math.min(max, Math.max(min, whole)));
        }}
      />
    </div>`;
  }

  #setRings(rings: readonly Ring[]): void {
    this.#set({ rings: rings.length > 0 ? [...rings] : undefined });
  }

  /** A part that is undefined is left out. */
  #set(part: { [K in keyof RoutingRules]: RoutingRules[K] | undefined }): void {
    const entries = Object.entries({ ...this.rules, ...part });
    const rules = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    this.dispatchEvent(new RulesChangedEvent(rules as RoutingRules));
  }
}
