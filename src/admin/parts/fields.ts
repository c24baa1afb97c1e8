import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { ifDefined } from 'lit/directives/if-defined.js';
import { live } from 'lit/directives/live.js';

/** The form that a field belongs to. */
export interface FieldHost {
  /** The present value of a field. */
  readonly value: Readonly<Record<string, unknown>>;
  /** What is wrong with a field, by its name. */
  readonly problems: Readonly<Record<string, string>>;
  change(name: string, value: unknown): void;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  /** Takes the whole width of the form. */
  readonly wide?: boolean;
  readonly optional?: boolean;
  readonly disabled?: boolean;
}

interface TextField extends Field {
  readonly type?: 'text' | 'email' | 'password' | 'date' | 'time' | 'search';
  readonly maxLength?: number;
  readonly autocomplete?: 'off' | 'current-password' | 'new-password' | 'one-time-code';
  readonly placeholder?: string;
}

const describedBy = (host: FieldHost, { name, hint }: Field): string | undefined => {
  const ids = [hint && `${name}-hint`, host.problems[name] && `${name}-problem`].filter(Boolean);
  return ids.length > 0 ? ids.join(' ') : undefined;
};

const frame = (host: FieldHost, field: Field, control: TemplateResult): TemplateResult => {
  const { name, label, hint, wide, optional } = field;
  return html`<div class=${wide ? 'field wide' : 'field'}>
    <label for=${name}>
      ${label}${optional ? html`<span class="optional">${msg('(optional)')}</span>` : nothing}
    </label>
    ${control} ${below(host, name, hint)}
  </div>`;
};

/** The hint and the error below a field. */
export const below = (host: FieldHost, name: string, hint?: string) => html`
  ${hint ? html`<span class="hint" id="${name}-hint">${hint}</span>` : nothing}
  ${
    host.problems[name]
      ? html`<span class="problem" id="${name}-problem">${host.problems[name]}</span>`
      : nothing
  }
`;

export const textField = (host: FieldHost, field: TextField): TemplateResult =>
  frame(
    host,
    field,
    html`<input
      id=${field.name}
      name=${field.name}
      type=${field.type ?? 'text'}
      maxlength=${ifDefined(field.maxLength)}
      autocomplete=${field.autocomplete ?? 'off'}
      placeholder=${ifDefined(field.placeholder)}
      spellcheck="false"
      .value=${live(String(host.value[field.name] ?? ''))}
      ?disabled=${field.disabled}
      aria-invalid=${field.name in host.problems}
      aria-describedby=${ifDefined(describedBy(host, field))}
      @input=${(event: InputEvent) =>
        host.change(field.name, (event.target as HTMLInputElement).value)}
    />`,
  );

export const textArea = (
  host: FieldHost,
  field: Field & { readonly maxLength?: number },
): TemplateResult =>
  frame(
    host,
    field,
    html`<textarea
      id=${field.name}
      name=${field.name}
      maxlength=${ifDefined(field.maxLength)}
      .value=${live(String(host.value[field.name] ?? ''))}
      ?disabled=${field.disabled}
      aria-invalid=${field.name in host.problems}
      aria-describedby=${ifDefined(describedBy(host, field))}
      @input=${(event: InputEvent) =>
        host.change(field.name, (event.target as HTMLTextAreaElement).value)}
    ></textarea>`,
  );

/** The value is a number; null if the field is empty. */
export const numberField = (
  host: FieldHost,
  field: Field & { readonly min: number; readonly max?: number; readonly step?: number },
): TemplateResult =>
  frame(
    host,
    field,
    html`<input
      id=${field.name}
      name=${field.name}
      type="number"
      inputmode="numeric"
      min=${field.min}
      max=${ifDefined(field.max)}
      step=${field.step ?? 1}
      .value=${live(String(host.value[field.name] ?? ''))}
      ?disabled=${field.disabled}
      aria-invalid=${field.name in host.problems}
      aria-describedby=${ifDefined(describedBy(host, field))}
      @input=${(event: InputEvent) => {
        const { valueAsNumber } = event.target as HTMLInputElement;
        host.change(field.name, Number.isNaN(valueAsNumber) ? null : valueAsNumber);
      }}
    />`,
  );

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** The value is the chosen option's; null for the option ''. */
export const selectField = (
  host: FieldHost,
  field: Field & { readonly options: readonly Option[] },
): TemplateResult => {
  const chosen = String(host.value[field.name] ?? '');
  return frame(
    host,
    field,
    html`<select
      id=${field.name}
      name=${field.name}
      ?disabled=${field.disabled}
      aria-invalid=${field.name in host.problems}
      aria-describedby=${ifDefined(describedBy(host, field))}
      @change=${(event: Event) =>
        host.change(field.name, (event.target as HTMLSelectElement).value || null)}
    >
      ${field.options.map(
        ({ value, label }) =>
          html`<option value=${value} .selected=${live(value === chosen)}>${label}</option>`,
      )}
    </select>`,
  );
};

export const checkField = (host: FieldHost, field: Field): TemplateResult =>
  html`<div class=${field.wide ? 'field wide' : 'field'}>
    <div class="check">
      <input
        type="checkbox"
        id=${field.name}
        name=${field.name}
        .checked=${live(host.value[field.name] === true)}
        ?disabled=${field.disabled}
        aria-describedby=${ifDefined(describedBy(host, field))}
        @change=${(event: Event) =>
          host.change(field.name, (event.target as HTMLInputElement).checked)}
      />
      <label for=${field.name}>${field.label}</label>
    </div>
    ${below(host, field.name, field.hint)}
  </div>`;

/** A list of texts, one a line. Empty lines do not count. */
export const linesField = (host: FieldHost, field: Field): TemplateResult => {
  const lines = (host.value[field.name] ?? []) as readonly string[];
  return frame(
    host,
    field,
    html`<textarea
      id=${field.name}
      name=${field.name}
      spellcheck="false"
      .defaultValue=${lines.join('\n')}
      ?disabled=${field.disabled}
      aria-invalid=${field.name in host.problems}
      aria-describedby=${ifDefined(describedBy(host, field))}
      @input=${(event: InputEvent) =>
        host.change(field.name, asLines((event.target as HTMLTextAreaElement).value))}
    ></textarea>`,
  );
};

const asLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
