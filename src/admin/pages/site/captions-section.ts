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
    ['kept', msg('To whoever asks, and every call is kept')],
  ];
  const { by = 'browser', translate = false } = settings;
  const isCloud = by === 'cloud';
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
      </div>
      ${
        settings.mode === 'off'
          ? nothing
          : html`<div class="field">
                <label for="captions-by">${msg('Who writes')}</label>
                <select
                  id="captions-by"
                  aria-describedby="captions-by-help"
                  @change=${(event: Event) =>
                    (event.target as HTMLSelectElement).value === 'cloud'
                      ? change({ by: 'cloud' })
                      : change({ by: 'browser', translate: false })}
                >
                  <option value="browser" .selected=${live(!isCloud)}>
                    ${msg('The browser of whoever speaks')}
                  </option>
                  <option value="cloud" .selected=${live(isCloud)}>${msg('TRTC’s cloud')}</option>
                </select>
                <span id="captions-by-help" class="quiet">
                  ${
                    isCloud
                      ? msg(
                          'In calls whose media run on TRTC, which charges for it. In other calls, and where TRTC cannot, the browsers write.',
                        )
                      : msg(
                          'On the device itself. Where no browser of a call can, there are no captions.',
                        )
                  }
                </span>
                ${
                  isCloud
                    ? html`<div class="check">
                        <input
                          type="checkbox"
                          id="captions-translate"
                          .checked=${live(translate)}
                          @change=${(event: Event) =>
                            change({ translate: (event.target as HTMLInputElement).checked })}
                        />
                        <label for="captions-translate">
                          ${msg('Translate for whoever reads another language')}
                        </label>
                      </div>`
                    : nothing
                }
              </div>
              <div class="field">
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
