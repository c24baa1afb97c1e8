/** Fields that several bodies of the REST interface share. */
import { Type } from '@sinclair/typebox';
import { closed, OneOf } from '../schema.ts';

/** One line with at least one character that is no space. */
const line = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$' });

export const SiteName = line(80);
export const AgentName = line(80);
export const GroupName = line(80);
export const HoursName = line(80);
export const KeyName = line(80);
export const HolidayName = line(80);
export const AgentUsername = Type.String({ pattern: '^[^\\s\\u0000-\\u001f]{1,64}$' });
export const NewPassword = Type.String({
  minLength: 1,
  maxLength: 256,
  description: 'At least 10 characters, and none that is known as common.',
});
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'For example Europe/Berlin.',
});
export const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
export const CalendarDate = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
});
/** The languages of texts that an admin writes. */
export const TextLanguage = OneOf('en', 'zh-CN');
/** A text in each language. A language that is missing falls back to another. */
export const Texts = (maxLength: number) =>
  closed({
    en: Type.Optional(line(maxLength)),
    'zh-CN': Type.Optional(line(maxLength)),
  });

/** Several lines with at least one character that is no space. */
const lines = (maxLength: number) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u0008\\u000b-\\u001f]*\\S[^\\u0000-\\u0008\\u000b-\\u001f]*$',
  });
/** A longer text in each language, of one language at least. */
export const LongTexts = (maxLength: number) =>
  Type.Object(
    { en: Type.Optional(lines(maxLength)), 'zh-CN': Type.Optional(lines(maxLength)) },
    { additionalProperties: false, minProperties: 1 },
  );
