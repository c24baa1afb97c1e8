import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FlowFieldView, FlowStepView } from '../../../protocol/flow-step-view.ts';

/** A field of a form, and its longest answer. */
export interface Field extends FlowFieldView {
  readonly maxLength: number;
}

const ANSWER_LENGTH = 1_000;
const MESSAGE_LENGTH = 2_000;
const CONTACT_LENGTH = 120;

/** The fields of a step that is answered by a form; null for another step. */
export function fieldsOf(step: FlowStepView): readonly Field[] | null {
  switch (step.type) {
    case 'form':
      return step.fields.map((field) => ({ ...field, maxLength: ANSWER_LENGTH }));
    case 'leave-message':
      return [
        contact(msg('Your e-mail address or phone number'), 'text'),
        text(msg('Your message'), true),
      ];
    case 'callback':
      return [
        contact(msg('Your phone number'), 'phone'),
        text(msg('What is it about? (optional)'), false),
      ];
    default:
      return null;
  }
}

const contact = (label: string, type: 'text' | 'phone'): Field => ({
  id: 'contact',
  label,
  type,
  required: true,
  maxLength: CONTACT_LENGTH,
});

const text = (label: string, required: boolean): Field => ({
  id: 'text',
  label,
  type: 'long-text',
  required,
  maxLength: MESSAGE_LENGTH,
});

const PHONE = /^\+?[\d\s().\/-]{3,40}$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const NUMBER = /^-?\d{1,15}([.,]\d{1,10})?$/;

/** What is wrong with an answer; '' for nothing. The server checks the same. */
export function faultOf({ type, required }: Field, value: string): string {
  const given = value.trim();
  if (given === '') return required ? msg('Please fill this in.') : '';
  if (type === 'phone' && !PHONE.test(given)) return msg('Please enter a phone number.');
  if (type === 'email' && !EMAIL.test(given)) return msg('Please enter an e-mail address.');
  if (type === 'number' && !NUMBER.test(given)) return msg('Please enter a number.');
  return '';
}

/** One field with its label, and its fault below. */
export function fieldView(field: Field, fault: string): TemplateResult {
  const { id, label } = field;
  return html`<label class="field">
    <span>${label}</span>
    ${control(field, fault)}
    ${fault ? html`<span class="fault" id=${`fault-${id}`}>${fault}</span>` : nothing}
  </label>`;
}

const INPUT_TYPES = { text: 'text', email: 'email', phone: 'tel', number: 'text', date: 'date' };
const AUTOFILL = { email: 'email', phone: 'tel' } as const;

function control({ id, type, value, options, required, maxLength }: Field, fault: string) {
  const invalid = fault ? 'true' : 'false';
  const about = fault ? `fault-${id}` : nothing;
  if (type === 'choice') {
    return html`<select
      name=${id}
      aria-invalid=${invalid}
      aria-describedby=${about}
      ?required=${required}
    >
      <option value="">${msg('Please choose')}</option>
      ${options?.map(
        (one) => html`<option value=${one.id} ?selected=${one.id === value}>${one.label}</option>`,
      )}
    </select>`;
  }
  if (type === 'long-text') {
    return html`<textarea
      name=${id}
      rows="4"
      maxlength=${maxLength}
      aria-invalid=${invalid}
      aria-describedby=${about}
      ?required=${required}
      .defaultValue=${value ?? ''}
    ></textarea>`;
  }
  return html`<input
    name=${id}
    type=${INPUT_TYPES[type]}
    inputmode=${type === 'number' ? 'decimal' : nothing}
    autocomplete=${type === 'email' || type === 'phone' ? AUTOFILL[type] : nothing}
    maxlength=${type === 'date' ? nothing : maxLength}
    aria-invalid=${invalid}
    aria-describedby=${about}
    ?required=${required}
    .defaultValue=${value ?? ''}
  />`;
}
