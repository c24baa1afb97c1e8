import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowTrial } from '../../protocol/rest/flows.ts';
import { LANGUAGES } from '../pages/languages.ts';
import { checkField, linesField, numberField, selectField, textField } from '../parts/fields.ts';
import { oneField } from './forms/step-form-host.ts';
import type { FlowNames } from './step-texts.ts';

/** Who tries the flow, and when. */
export interface TrialSettings {
  /** As the field has it, in the time of this browser; '': now. */
  readonly at: string;
  readonly language: string;
  readonly page: string;
  /** Lines of `name=value`. */
  readonly params: readonly string[];
  readonly verified: boolean;
  readonly lastAgent: boolean;
  /** Seconds of waiting by group. */
  readonly waits: Readonly<Record<string, number>>;
}

export const newTrial = (language: string): TrialSettings => ({
  at: '',
  language,
  page: '',
  params: [],
  verified: false,
  lastAgent: false,
  waits: {},
});

/** The settings as the server takes them. */
export function trialOf(settings: TrialSettings): Omit<FlowTrial, 'document' | 'inputs'> {
  const { at, language, page, params, verified, lastAgent, waits } = settings;
  const time = at === '' ? Number.NaN : new Date(at).getTime();
  const entries = params.map((line): readonly [string, string] => {
    const [name = '', ...rest] = line.split('=');
    return [name.trim(), rest.join('=').trim()];
  });
  return {
    ...(!Number.isNaN(time) && { at: time }),
    language,
    ...(page && { page }),
    params: Object.fromEntries(entries.filter(([name]) => name !== '')),
    verified,
    lastAgent,
    waits,
  };
}

/** The fields. Those that only some flows ask for are shown for these alone. */
export function trialFields(
  flow: Flow,
  names: FlowNames,
  settings: TrialSettings,
  change: (settings: TrialSettings) => void,
): TemplateResult {
  const cases = Object.values(flow.nodes).flatMap((step) =>
    step.type === 'condition' ? step.cases : [],
  );
  const groups = new Set(cases.flatMap((one) => (one.fact === 'wait' ? [one.group] : [])));
  const host = <K extends keyof TrialSettings>(name: K) =>
    oneField(`trial-${name}`, settings[name], (value) => change({ ...settings, [name]: value }));
  return html`<div class="fields">
    <div class="field">
      <label for="trial-at">${msg('Time')}</label>
      <input
        id="trial-at"
        type="datetime-local"
        .value=${settings.at}
        aria-describedby="trial-at-hint"
        @change=${(event: Event) =>
          change({ ...settings, at: (event.target as HTMLInputElement).value })}
      />
      <span class="hint" id="trial-at-hint">${msg('In the time of this device. Empty: now.')}</span>
    </div>
    ${selectField(host('language'), {
      name: 'trial-language',
      label: msg('Language of the visitor'),
      options: LANGUAGES,
    })}
    ${textField(host('page'), {
      name: 'trial-page',
      label: msg('Address of the page'),
      optional: true,
      maxLength: 2_000,
    })}
    ${linesField(host('params'), {
      name: 'trial-params',
      label: msg('Values that the page hands on'),
      hint: msg('One a line, such as device=METER-0042.'),
      optional: true,
    })}
    ${checkField(host('verified'), {
      name: 'trial-verified',
      label: msg('The visitor has a signed identity'),
    })}
    ${
      cases.some(({ fact }) => fact === 'last-agent')
        ? checkField(host('lastAgent'), {
            name: 'trial-lastAgent',
            label: msg('The agent of the last call is available'),
          })
        : nothing
    }
    ${[...groups].map((group) =>
      numberField(
        oneField(`trial-wait-${group}`, settings.waits[group] ?? '', (seconds) =>
          change({ ...settings, waits: withWait(settings.waits, group, seconds) }),
        ),
        {
          name: `trial-wait-${group}`,
          label: msg(str`Wait at ${names.groups.get(group) ?? group} in seconds`),
          min: 0,
          max: 86_400,
          optional: true,
        },
      ),
    )}
  </div>`;
}

function withWait(
  waits: TrialSettings['waits'],
  group: string,
  seconds: unknown,
): Record<string, number> {
  const { [group]: _before, ...others } = waits;
  return typeof seconds === 'number' ? { ...others, [group]: seconds } : others;
}
