import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Slug } from '../schema.ts';
import { CalendarDate } from './fields.ts';

const figures = {
  ratings: Type.Integer({ description: 'Calls that their visitors rated.' }),
  average: described(
    Nullable(Type.Number()),
    'Of the values, 1 to 5; a yes is 5, a no is 1. Null where there are none.',
  ),
};

export const RatingReport = closed({
  rows: Type.Array(
    closed({
      key: described(
        Nullable(Type.String()),
        'The id of the group or agent, or the day. Null: no group, or no agent.',
      ),
      name: described(Nullable(Type.String()), 'Of the group or agent.'),
      ...figures,
    }),
  ),
  total: closed(figures),
});
export type RatingReport = Shape<typeof RatingReport>;

export const RatingReportQuery = Type.Object({
  from: described(CalendarDate, 'The first day, in the site’s time zone.'),
  to: described(CalendarDate, 'The last day. It belongs to the report.'),
  by: OneOf('group', 'agent', 'day'),
  group: Type.Optional(described(Slug, 'Only this skill group.')),
});
export type RatingReportQuery = Shape<typeof RatingReportQuery>;
