import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CaptionSettings } from '../../../protocol/captions.ts';
import type { FieldHost } from '../../parts/fields.ts';

const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;
const MAX_LANGUAGES = 20;

const listOf = (text: string): string[] => text.split(/[\s,，、]+/).filter(Boolean);

/** Whether what is said is shown in writing, and kept. */
export function captionsSection(host: FieldHost, settings: CaptionSettings): TemplateResult {
  const change = (part: Partial<CaptionSettings>) =>
    host.change('captions', { ...settings, ...part });
  const problem = host.problems['captions'];
  const modes: readonly [CaptionSettings['mode'], string][] = [
    ['off', msg('Never')],
    ['shown', msg('To whoever asks for them in a call')],
    ['kept', msg('To whoever asks for them; every call is kept in writing')],
  ];
  return html`<div class="card section">
    <h2>${msg('Captions')}</h2>
    <div class="fields">
      <div class="field">
        <label for="captions-mode">${msg('What is said is shown in writing')}</label>
        <select
          id="captions-mode"
          @change=${(event: Event) =>
            change({ mode: (event.target as HTMLSelectElement).value as CaptionSettings['mode'] })}
        >
          ${modes.map(
            ([mode, text]) =>
              html`<option value=${mode} .selected=${live(mode === settings.mode)}>
                ${text}
              </option>`,
          )}
        </select>
        <span class="quiet">
          ${msg('The browser of whoever speaks writes it, on the device itself. Where no browser of a call can, there are no captions.')}
        </span>
      </div>
      ${
        settings.mode === 'off'
          ? nothing
          : html`<div class="field">
              <label for="captions-languages">${msg('Languages that are spoken')}</label>
              <input
                id="captions-languages"
                .value=${live(settings.languages.join(', '))}
                aria-describedby="captions-languages-help"
                aria-invalid=${problem ? 'true' : nothing}
                @change=${(event: Event) =>
                  change({ languages: listOf((event.target as HTMLInputElement).value) })}
              />
              <span id="captions-languages-help" class=${problem ? 'problem' : 'quiet'}>
                ${problem ?? msg('For example: zh-CN, en-US. Empty: the language of each page.')}
              </span>
            </div>`
      }
    </div>
  </div>`;
}

/** What is wrong with the languages; '' for nothing. */
export function captionsProblem({ languages }: CaptionSettings): string {
  const wrong = languages.length > MAX_LANGUAGES || languages.some((one) => !LANGUAGE.test(one));
  return wrong ? msg('Write languages as in zh-CN, en-US, at most 20.') : '';
}
