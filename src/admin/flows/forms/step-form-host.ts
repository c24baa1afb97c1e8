import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowStep, FlowTexts, StepOf } from '../../../protocol/flow.ts';
import { LANGUAGES, withText, type Texts } from '../../pages/languages.ts';
import { textArea, textField, type FieldHost, type Option } from '../../parts/fields.ts';

/** What the form of a step gets. */
export interface StepFormHost<S extends FlowStep = FlowStep> {
  readonly step: S;
  readonly groups: readonly Option[];
  readonly hours: readonly Option[];
  /** Replaces the step. `field`: typing in one field is undone at once. */
  change(step: S, field?: string): void;
}

/** A host for one field with a value of its own. */
export const oneField = (
  name: string,
  value: unknown,
  change: (value: unknown) => void,
): FieldHost => ({ value: { [name]: value }, problems: {}, change: (_name, to) => change(to) });

interface TextsField {
  readonly name: string;
  readonly label: string;
  readonly texts: FlowTexts | undefined;
  readonly maxLength?: number;
  readonly long?: boolean;
  readonly optional?: boolean;
  change(texts: FlowTexts, language: string): void;
}

/** A text in each language, one field below the other. */
export function textsFields({
  name,
  label,
  texts = {},
  maxLength = 120,
  long = false,
  optional = false,
  change,
}: TextsField): TemplateResult {
  return html`${LANGUAGES.map(({ value: language, label: languageName }) => {
    const id = `${name}-${language}`;
    const host = oneField(id, texts[language] ?? '', (text) =>
      change(asFlowTexts(withText(texts as Texts, language, String(text))), language),
    );
    const field = { name: id, label: msg(str`${label}, ${languageName}`), maxLength, optional };
    return long ? textArea(host, field) : textField(host, field);
  })}`;
}

const asFlowTexts = (texts: Texts): FlowTexts =>
  Object.fromEntries(
    Object.entries(texts).filter((entry): entry is [string, string] => !!entry[1]),
  );

/** The step with a text, or without it if no language has one. */
function withTexts<S extends FlowStep>(step: S, name: 'title' | 'text', texts: FlowTexts): S {
  const { [name]: _before, ...rest } = step as S & Record<string, unknown>;
  return (Object.keys(texts).length === 0 ? rest : { ...rest, [name]: texts }) as unknown as S;
}

type TitledStep = StepOf<'menu' | 'form' | 'message' | 'callback' | 'leave-message'>;

/** The title and the text of a step. Both are optional, except the one that is `required`. */
export function titleAndText<S extends TitledStep>(
  { step, change }: StepFormHost<S>,
  required?: 'title' | 'text',
): TemplateResult {
  const field = (name: 'title' | 'text', label: string, size: Partial<TextsField>) =>
    textsFields({
      name,
      label,
      texts: step[name],
      optional: name !== required,
      ...size,
      change: (texts, language) =>
        change(
          name === required ? { ...step, [name]: texts } : withTexts(step, name, texts),
          `${name} ${language}`,
        ),
    });
  return html`${field('title', msg('Title'), {})}
  ${field('text', msg('Text'), { long: true, maxLength: 2_000 })}`;
}

/** The step with a setting; without it for null. */
export function withSetting<S extends FlowStep>(step: S, name: string, value: unknown): S {
  const { [name]: _before, ...rest } = step as S & Record<string, unknown>;
  return (value === null ? rest : { ...rest, [name]: value }) as unknown as S;
}

interface Entries<T> {
  readonly legend: string;
  readonly entries: readonly T[];
  readonly most: number;
  /** Fewer cannot be. */
  readonly least?: number;
  readonly addLabel: string;
  /** How an entry is called, for its buttons. */
  nameOf(entry: T, index: number): string;
  render(entry: T, index: number): TemplateResult;
  add(): T;
  change(entries: readonly T[]): void;
}

/** A list whose entries are added, moved and removed. */
export function entriesField<T>(list: Entries<T>): TemplateResult {
  const { legend, entries, most, least = 0, addLabel, nameOf, render, add, change } = list;
  const button = (icon: string, label: string, disabled: boolean, press: () => void) =>
    html`<wa-button appearance="plain" size="s" ?disabled=${disabled} @click=${press}>
      <wa-icon name=${icon} label=${label}></wa-icon>
    </wa-button>`;
  return html`<fieldset class="entries">
    <legend>${legend}</legend>
    ${entries.map((entry, index) => {
      const name = nameOf(entry, index);
      return html`<div class="entry" role="group" aria-label=${name}>
        ${render(entry, index)}
        <div class="row">
          ${button('arrow-up', msg(str`Move ${name} up`), index === 0, () =>
            change(swapped(entries, index, index - 1)),
          )}
          ${button('arrow-down', msg(str`Move ${name} down`), index === entries.length - 1, () =>
            change(swapped(entries, index, index + 1)),
          )}
          ${button('trash', msg(str`Remove ${name}`), entries.length <= least, () =>
            change(entries.filter((_, at) => at !== index)),
          )}
        </div>
      </div>`;
    })}
    ${
      entries.length < most
        ? html`<wa-button
            appearance="outlined"
            size="s"
            @click=${() => change([...entries, add()])}
          >
            <wa-icon slot="start" name="plus"></wa-icon>${addLabel}
          </wa-button>`
        : nothing
    }
  </fieldset>`;
}

function swapped<T>(entries: readonly T[], one: number, other: number): readonly T[] {
  return entries.map((entry, index) => {
    if (index === one) return entries[other] ?? entry;
    return index === other ? (entries[one] ?? entry) : entry;
  });
}

/** The list with another entry at a place. */
export const replaced = <T>(entries: readonly T[], index: number, entry: T): readonly T[] =>
  entries.map((one, at) => (at === index ? entry : one));
