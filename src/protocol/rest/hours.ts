import { Type } from '@sinclair/typebox';
import { closed, described, type Shape, Slug } from '../schema.ts';
import { CalendarDate, HolidayName, HoursName, TimeOfDay, TimeZone } from './fields.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';

/** A span that ends before it begins, or when it begins, lasts past midnight. */
const span = { from: TimeOfDay, to: TimeOfDay };

export const WeeklySpan = closed({
  days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
    minItems: 1,
    maxItems: 7,
    uniqueItems: true,
    description: '1 is Monday, 7 Sunday.',
  }),
  ...span,
});

/** Days on which the weekly table does not hold. */
export const HoursException = closed({
  name: HolidayName,
  date: CalendarDate,
  until: Type.Optional(described(CalendarDate, 'The last day. Default: `date`.')),
  yearly: Type.Optional(
    Type.Boolean({ default: false, description: 'On the same days of every year.' }),
  ),
  open: Type.Array(closed(span), { maxItems: 10, description: 'None: closed.' }),
});

/** A weekly table with its exceptions. An exception of one year goes before a yearly one, an earlier one before a later. */
export const schedule = {
  timeZone: Type.Union([TimeZone, Type.Null()], { description: 'Null: the site’s.' }),
  open: Type.Array(WeeklySpan, { maxItems: 70 }),
  exceptions: Type.Array(HoursException, { maxItems: 500 }),
};

export const Hours = closed({
  id: Slug,
  name: HoursName,
  ...schedule,
  groups: Type.Array(Slug, { description: 'The skill groups that use them.' }),
  openNow: Type.Boolean(),
});
export type Hours = Shape<typeof Hours>;

export const HoursQuery = Type.Object({ ...PageQuery, q: SearchText, sort: sortBy('name') });
export const HoursPage = page(Hours);
export type HoursPage = Shape<typeof HoursPage>;

export const NewHours = closed({
  id: Slug,
  name: HoursName,
  ...Type.Partial(closed(schedule)).properties,
});
export type NewHours = Shape<typeof NewHours>;

export const HoursChange = Type.Partial(closed({ name: HoursName, ...schedule }), {
  additionalProperties: false,
});
export type HoursChange = Shape<typeof HoursChange>;

/** Whether hours are open at a time. */
export const OpenState = closed({ at: Type.Number(), open: Type.Boolean() });
export type OpenState = Shape<typeof OpenState>;
