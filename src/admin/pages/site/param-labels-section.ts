import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { SiteSettings } from '../../../protocol/rest/site-settings.ts';
import type { FieldHost } from '../../parts/fields.ts';
import { LANGUAGES, withText, type Texts } from '../languages.ts';

type Labels = SiteSettings['paramLabels'];
type Label = Labels[number];
type Value = Label['values'][number];

const MAX_LABELS = 50;
const MAX_VALUES = 50;

/** What agents read instead of the names and values of the params that the site's pages send. */
export function paramLabelsSection(host: FieldHost, labels: Labels): TemplateResult {
  const set = (next: Labels) => host.change('paramLabels', next);
  const problem = host.problems['paramLabels'];
  return html`<div class="card section">
    <h2>${msg('Facts from your pages')}</h2>
    <p class="quiet">
      ${msg(
        'Your page hands the agent facts, such as the number of a meter. Here you give them names that people read. A fact without one keeps the name that the page uses.',
      )}
    </p>
    ${labels.map((label, index) =>
      labelFields(
        label,
        index,
        (next) => set(labels.map((one, at) => (at === index ? next : one))),
        () => set(labels.filter((_, at) => at !== index)),
      ),
    )}
    ${
      labels.length < MAX_LABELS
        ? html`<div>
            <wa-button
              appearance="outlined"
              size="s"
              @click=${() => set([...labels, { name: '', label: {}, values: [] }])}
            >
              ${msg('Add a fact')}
            </wa-button>
          </div>`
        : nothing
    }
    ${problem ? html`<span class="problem" role="alert">${problem}</span>` : nothing}
  </div>`;
}

function labelFields(
  label: Label,
  index: number,
  change: (next: Label) => void,
  remove: () => void,
): TemplateResult {
  const name = msg(str`Fact ${index + 1}`);
  const { values } = label;
  const id = `param-${index}`;
  return html`<fieldset>
    <legend>${name}</legend>
    <div class="fields">
      ${textInput(`${id}-name`, msg('Name in the page'), label.name, 64, (text) =>
        change({ ...label, name: text }),
      )}
      ${inEachLanguage(`${id}-label`, msg('Shown as'), label.label, (next) =>
        change({ ...label, label: next }),
      )}
    </div>
    ${values.map((value, at) =>
      valueFields(
        `${id}-${at}`,
        at,
        value,
        (next) => change({ ...label, values: values.map((one, i) => (i === at ? next : one)) }),
        () => change({ ...label, values: values.filter((_, i) => i !== at) }),
      ),
    )}
    <div class="row">
      ${
        values.length < MAX_VALUES
          ? html`<wa-button
              appearance="outlined"
              size="s"
              @click=${() => change({ ...label, values: [...values, { value: '', text: {} }] })}
            >
              ${msg('Add a value')}
            </wa-button>`
          : nothing
      }
      <wa-button appearance="plain" size="s" @click=${remove}>
        <wa-icon slot="start" name="trash"></wa-icon>
        ${msg('Remove this fact')}
      </wa-button>
    </div>
  </fieldset>`;
}

function valueFields(
  id: string,
  index: number,
  value: Value,
  change: (next: Value) => void,
  remove: () => void,
): TemplateResult {
  return html`<div class="fields" role="group" aria-label=${msg(str`Value ${index + 1}`)}>
    ${textInput(`${id}-value`, msg(str`Value ${index + 1} in the page`), value.value, 60, (text) =>
      change({ ...value, value: text }),
    )}
    ${inEachLanguage(`${id}-text`, msg('Shown as'), value.text, (text) =>
      change({ ...value, text }),
    )}
    <wa-button appearance="plain" size="s" @click=${remove}>
      <wa-icon name="trash" label=${msg(str`Remove value ${index + 1}`)}></wa-icon>
    </wa-button>
  </div>`;
}

function inEachLanguage(
  id: string,
  label: string,
  texts: Label['label'],
  change: (texts: Label['label']) => void,
): readonly TemplateResult[] {
  return LANGUAGES.map(({ value: language, label: name }) =>
    textInput(
      `${id}-${language}`,
      `${label} (${name})`,
      texts[language] ?? '',
      60,
      (text) => change(withText(texts as Texts, language, text) as Label['label']),
      language,
    ),
  );
}

function textInput(
  id: string,
  label: string,
  value: string,
  maxLength: number,
  change: (text: string) => void,
  lang?: string,
): TemplateResult {
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <input
      id=${id}
      maxlength=${maxLength}
      autocomplete="off"
      lang=${lang ?? nothing}
      .value=${live(value)}
      @input=${(event: Event) => change((event.target as HTMLInputElement).value)}
    />
  </div>`;
}

/** What is wrong with them; '' for nothing. */
export function paramLabelsProblem(labels: Labels): string {
  for (const { name, values } of labels) {
    if (name.trim() === '') return msg('Write the name that the page uses for each fact.');
    if (values.some(({ value }) => value.trim() === '')) {
      return msg(str`Write each value of ${name} as the page uses it.`);
    }
    const twice = repeated(values.map(({ value }) => value));
    if (twice !== undefined) return msg(str`The value ${twice} of ${name} is there twice.`);
  }
  const twice = repeated(labels.map(({ name }) => name));
  return twice === undefined ? '' : msg(str`The fact ${twice} is there twice.`);
}

const repeated = (texts: readonly string[]): string | undefined =>
  texts.find((text, index) => texts.indexOf(text) !== index);
