import { RtcDeskError } from '../../protocol/errors.ts';
import {
  MAX_ANSWER_LENGTH,
  MAX_CONTACT_LENGTH,
  MAX_MESSAGE_LENGTH,
  type FlowStep,
  type FormField,
} from '../../protocol/flow.ts';
import { isPlainText } from '../database/storable-text.ts';
import type { FlowEffect, FlowValue } from './flow-state.ts';

interface Answer {
  readonly exit: string;
  readonly params: Readonly<Record<string, string>>;
  readonly effect?: FlowEffect;
}

/**
 * The exit that a visitor's answer takes, and what it sets. A menu takes the id of an option, a message `next`, a form
 * the answers by field or `skipped`, a message to leave `{contact, text}` or `skipped`, a callback `{contact}` or
 * `refused`. Throws `invalid-params` for anything else.
 */
export function readAnswer(step: FlowStep, value: FlowValue): Answer {
  switch (step.type) {
    case 'menu':
      if (step.options.some(({ id }) => id === value)) return takes(value as string);
      throw refused('no such option');
    case 'message':
      if (value === 'next') return takes('next');
      throw refused('a message is answered with next');
    case 'form':
      if (value === 'skipped' && step.optional) return takes('skipped');
      return { exit: 'done', params: readFields(step.fields, fieldsOf(value)) };
    case 'leave-message':
      if (value === 'skipped') return takes('skipped');
      return { exit: 'done', params: {}, effect: readContact(step, fieldsOf(value)) };
    case 'callback':
      if (value === 'refused') return takes('refused');
      return { exit: 'done', params: {}, effect: readContact(step, fieldsOf(value)) };
    default:
      throw refused('this step waits for no answer');
  }
}

const takes = (exit: string): Answer => ({ exit, params: {} });

function refused(why: string): RtcDeskError {
  return new RtcDeskError('invalid-params', `This answer does not fit: ${why}.`);
}

function fieldsOf(value: FlowValue): Readonly<Record<string, string>> {
  if (typeof value === 'string') throw refused('a form is answered by its fields');
  return value;
}

/** Fields that were left empty are not set. */
function readFields(
  fields: readonly FormField[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const unknown = Object.keys(values).find((id) => !fields.some((field) => field.id === id));
  if (unknown !== undefined) throw refused(`no field ${unknown}`);
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = own(values, field.id).trim();
      if (value === '' && !field.required) return [];
      if (!fieldFits(field, value)) throw refused(`field ${field.id}`);
      return [[field.id, value]];
    }),
  );
}

const EMAIL = /^[^\s@]+@[^\s@]+$/;
const PHONE = /^\+?[\d\s().\/-]{3,40}$/;
const NUMBER = /^-?\d{1,15}([.,]\d{1,10})?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

function fieldFits({ type, options = [] }: FormField, value: string): boolean {
  if (value === '' || value.length > MAX_ANSWER_LENGTH || !isPlainText(value)) return false;
  switch (type) {
    case 'text':
    case 'long-text':
      return true;
    case 'email':
      return EMAIL.test(value);
    case 'phone':
      return PHONE.test(value);
    case 'number':
      return NUMBER.test(value);
    case 'date':
      return DATE.test(value) && !Number.isNaN(Date.parse(value));
    case 'choice':
      return options.some(({ id }) => id === value);
  }
}

/** A message needs a text; a callback may have one. */
function readContact(
  { type, group }: Extract<FlowStep, { type: 'leave-message' | 'callback' }>,
  values: Readonly<Record<string, string>>,
): FlowEffect {
  const [contact, text] = [own(values, 'contact').trim(), own(values, 'text').trim()];
  if (!contact || contact.length > MAX_CONTACT_LENGTH || !isPlainText(contact)) {
    throw refused('field contact');
  }
  const missing = type === 'leave-message' && !text;
  if (missing || text.length > MAX_MESSAGE_LENGTH || !isPlainText(text))
    throw refused('field text');
  return { kind: type, group: group ?? null, contact, text };
}

function own(values: Readonly<Record<string, string>>, id: string): string {
  return Object.hasOwn(values, id) ? (values[id] ?? '') : '';
}
