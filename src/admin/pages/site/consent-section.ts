import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { SiteSettings } from '../../../protocol/rest/site-settings.ts';
import type { FieldHost } from '../../parts/fields.ts';
import { LANGUAGES, withText } from '../languages.ts';

type Consent = SiteSettings['consent'];

const MAX_LETTERS = 4_000;
const MAX_LINK = 490;

/** What a visitor agrees to before camera and microphone are asked for. */
export function consentSection(host: FieldHost, consent: Consent): TemplateResult {
  const change = (value: Consent) => host.change('consent', value);
  return html`<div class="card section">
    <h2>${msg('Consent before a call')}</h2>
    <div class="field">
      <div class="check">
        <input
          type="checkbox"
          id="consent"
          .checked=${live(consent !== null)}
          @change=${(event: Event) =>
            change((event.target as HTMLInputElement).checked ? { text: {}, link: null } : null)}
        />
        <label for="consent">${msg('Ask visitors before their camera and microphone')}</label>
      </div>
    </div>
    ${consent === null ? nothing : fields(consent, change)}
    ${host.problems['consent'] ? html`<span class="problem">${host.problems['consent']}</span>` : nothing}
  </div>`;
}

function fields(consent: NonNullable<Consent>, change: (value: Consent) => void): TemplateResult {
  const { text, link } = consent;
  return html`<p class="quiet">
      ${msg('What was agreed and when is kept with the call. A visitor is asked once for each text: after a change everybody is asked again.')}
    </p>
    <div class="fields">
      ${LANGUAGES.map(
        ({ value: language, label }) =>
          html`<div class="field wide">
            <label for="consent-${language}">${msg('Text')} (${label})</label>
            <textarea
              id="consent-${language}"
              rows="5"
              maxlength=${MAX_LETTERS}
              lang=${language}
              .value=${live(text[language] ?? '')}
              @input=${(event: Event) =>
                change({
                  ...consent,
                  text: withText(
                    text,
                    language,
                    (event.target as HTMLTextAreaElement).value,
                  ) as typeof text,
                })}
            ></textarea>
          </div>`,
      )}
      <div class="field wide">
        <label for="consent-link">
          ${msg('Address of more information')}<span class="optional">${msg('(optional)')}</span>
        </label>
        <input
          id="consent-link"
          type="url"
          maxlength=${MAX_LINK}
          autocomplete="off"
          placeholder="https://"
          .value=${live(link ?? '')}
          @input=${(event: Event) =>
            change({ ...consent, link: (event.target as HTMLInputElement).value.trim() || null })}
        />
      </div>
    </div>`;
}

/** What is wrong with the consent; '' for nothing. */
export function consentProblem(consent: Consent): string {
  if (consent === null) return '';
  if (Object.keys(consent.text).length === 0)
    return msg('Write the text in at least one language.');
  if (consent.link !== null && !/^https:\/\/\S+$/.test(consent.link)) {
    return msg(str`${consent.link} is no address. Write it like https://www.example.com/privacy`);
  }
  return '';
}
