import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { RecordingSettings } from '../../../protocol/recording.ts';
import type { FieldHost } from '../../parts/fields.ts';
import { LANGUAGES, withText } from '../languages.ts';

/** What a group begins with that no longer records as the site does. */
const OWN_SETTINGS: RecordingSettings = {
  mode: 'off',
  askFirst: false,
  onRefusal: 'continue',
  onFailure: 'continue',
  text: {},
};

const MAX_TEXT_LENGTH = 300;

/** When calls are recorded, and what the visitor is told. A group may have null: as the site. */
export function recordingSection(
  host: FieldHost,
  settings: RecordingSettings | null,
  { mayFollowSite = false }: { readonly mayFollowSite?: boolean } = {},
): TemplateResult {
  const change = (part: Partial<RecordingSettings>) =>
    host.change('recording', { ...OWN_SETTINGS, ...settings, ...part });
  const choose = (value: string) =>
    value === 'site'
      ? host.change('recording', null)
      : change({ mode: value as RecordingSettings['mode'] });
  const modes: [string, string][] = [
    ...(mayFollowSite ? [['site', msg('As the site')] as [string, string]] : []),
    ['off', msg('Never')],
    ['on-demand', msg('When an agent begins')],
    ['always', msg('Always')],
  ];
  return html`<div class="card section">
    <h2>${msg('Recording')}</h2>
    <div class="fields">
      ${choice('recording-mode', msg('Calls are recorded'), settings?.mode ?? 'site', modes, choose)}
    </div>
    ${settings && settings.mode !== 'off' ? rules(settings, change) : nothing}
  </div>`;
}

function rules(
  settings: RecordingSettings,
  change: (part: Partial<RecordingSettings>) => void,
): TemplateResult {
  const { askFirst, onRefusal, onFailure, text, by = 'browser' } = settings;
  const outcomes: [string, string][] = [
    ['continue', msg('The call goes on')],
    ['end', msg('The call ends')],
  ];
  return html`<div class="field">
      <div class="check">
        <input
          type="checkbox"
          id="recording-ask"
          .checked=${live(askFirst)}
          @change=${(event: Event) =>
            change({ askFirst: (event.target as HTMLInputElement).checked })}
        />
        <label for="recording-ask">${msg('Ask the visitor first')}</label>
      </div>
      <span class="quiet">
        ${msg('Nothing is recorded before the visitor has agreed. In any case the visitor sees that the call is recorded.')}
      </span>
    </div>
    <div class="fields">
      ${choice(
        'recording-by',
        msg('Who records'),
        by,
        [
          ['browser', msg('The agent’s browser')],
          ['cloud', msg('TRTC’s cloud')],
        ],
        (value) => change({ by: value as NonNullable<RecordingSettings['by']> }),
      )}
      ${
        askFirst
          ? choice(
              'recording-refusal',
              msg('If the visitor refuses'),
              onRefusal,
              outcomes,
              (value) => change({ onRefusal: value as RecordingSettings['onRefusal'] }),
            )
          : nothing
      }
      ${choice('recording-failure', msg('If the recording fails'), onFailure, outcomes, (value) =>
        change({ onFailure: value as RecordingSettings['onFailure'] }),
      )}
      ${LANGUAGES.map(
        ({ value: language, label }) =>
          html`<div class="field">
            <label for="recording-text-${language}">
              ${msg('What the visitor reads')} (${label})
            </label>
            <textarea
              id="recording-text-${language}"
              maxlength=${MAX_TEXT_LENGTH}
              rows="2"
              lang=${language}
              .value=${live(text[language] ?? '')}
              @input=${(event: Event) => {
                const written = (event.target as HTMLTextAreaElement).value.replace(/\n/g, ' ');
                change({ text: withText(text, language, written) as typeof text });
              }}
            ></textarea>
            <span class="quiet">${msg('Empty: the built-in words.')}</span>
          </div>`,
      )}
    </div>`;
}

function choice(
  id: string,
  label: string,
  chosen: string,
  options: readonly (readonly [string, string])[],
  choose: (value: string) => void,
): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select id=${id} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
      ${options.map(
        ([value, text]) =>
          html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`,
      )}
    </select>
  </div>`;
}
