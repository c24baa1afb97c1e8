import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { SiteSettings } from '../../../protocol/rest/site-settings.ts';
import { numberField, type FieldHost } from '../../parts/fields.ts';
import { suggestId } from '../../parts/suggest-id.ts';
import { LANGUAGES, withText } from '../languages.ts';

type RatingSettings = SiteSettings['rating'];
type Reason = RatingSettings['reasons'][number];

const MAX_REASONS = 12;

/** What a visitor can do after a call: come back to it, and rate it. */
export function afterCallSection(
  host: FieldHost,
  rating: RatingSettings,
  rejoinLabel: string,
): TemplateResult {
  const change = (part: Partial<RatingSettings>) => host.change('rating', { ...rating, ...part });
  return html`<div class="card section">
    <h2>${msg('After a call')}</h2>
    <div class="fields">
      ${numberField(host, {
        name: 'rejoinSeconds',
        label: rejoinLabel,
        min: 0,
        max: 300,
        hint: msg('The agent waits for so long, and can end the call at once. 0: nobody waits.'),
      })}
      <div class="field">
        <label for="rating-kind">${msg('Rating')}</label>
        <select
          id="rating-kind"
          @change=${(event: Event) =>
            change({ kind: (event.target as HTMLSelectElement).value as RatingSettings['kind'] })}
        >
          ${(
            [
              ['none', msg('None')],
              ['stars', msg('1 to 5 stars')],
              ['yes-no', msg('Yes or no')],
            ] as const
          ).map(
            ([value, text]) =>
              html`<option value=${value} .selected=${live(value === rating.kind)}>
                ${text}
              </option>`,
          )}
        </select>
      </div>
    </div>
    ${rating.kind === 'none' ? nothing : more(rating, change)}
    ${host.problems['rating'] ? html`<span class="problem">${host.problems['rating']}</span>` : nothing}
  </div>`;
}

function more(rating: RatingSettings, change: (part: Partial<RatingSettings>) => void) {
  const { reasons, text } = rating;
  const replace = (index: number, reason: Reason) =>
    change({ reasons: reasons.map((one, at) => (at === index ? reason : one)) });
  return html`<div class="field">
      <div class="check">
        <input
          type="checkbox"
          id="rating-text"
          .checked=${live(text)}
          @change=${(event: Event) => change({ text: (event.target as HTMLInputElement).checked })}
        />
        <label for="rating-text">${msg('The visitor can write a text')}</label>
      </div>
    </div>
    <h3>${msg('Reasons to choose from')}</h3>
    ${reasons.map(
      (reason, index) =>
        html`<div class="fields" role="group" aria-label=${msg(str`Reason ${index + 1}`)}>
          ${LANGUAGES.map(
            ({ value: language, label }) =>
              html`<div class="field">
                <label for="reason-${index}-${language}">
                  ${msg(str`Reason ${index + 1}`)} (${label})
                </label>
                <input
                  id="reason-${index}-${language}"
                  maxlength="60"
                  autocomplete="off"
                  lang=${language}
                  .value=${live(reason.label[language] ?? '')}
                  @input=${(event: Event) =>
                    replace(index, {
                      ...reason,
                      label: withText(
                        reason.label,
                        language,
                        (event.target as HTMLInputElement).value,
                      ) as Reason['label'],
                    })}
                />
              </div>`,
          )}
          <wa-button
            appearance="plain"
            size="s"
            @click=${() => change({ reasons: reasons.filter((_, at) => at !== index) })}
          >
            <wa-icon name="trash" label=${msg(str`Remove reason ${index + 1}`)}></wa-icon>
          </wa-button>
        </div>`,
    )}
    ${
      reasons.length < MAX_REASONS
        ? html`<div>
            <wa-button
              appearance="outlined"
              size="s"
              @click=${() => change({ reasons: [...reasons, { id: newId(reasons), label: {} }] })}
            >
              ${msg('Add a reason')}
            </wa-button>
          </div>`
        : nothing
    }`;
}

/** An id that no reason has. Records keep it; nobody reads it. */
function newId(reasons: readonly Reason[]): string {
  for (let number = reasons.length + 1; ; number += 1) {
    const id = suggestId(`reason ${number}`);
    if (!reasons.some((reason) => reason.id === id)) return id;
  }
}

/** What is wrong with the reasons; '' for nothing. */
export const ratingProblem = ({ reasons }: RatingSettings): string =>
  reasons.some(({ label }) => Object.keys(label).length === 0)
    ? msg('Write each reason in at least one language.')
    : '';
