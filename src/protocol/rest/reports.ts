import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Slug } from '../schema.ts';
import { CalendarDate, Texts } from './fields.ts';

/** What one report may hold. */
export const MAX_REPORT_ROWS = 20_000;

const By = OneOf('group', 'agent', 'hour', 'disposition');
const Interval = OneOf('day', 'week', 'month');

const Count = (description: string) => Type.Integer({ description });
const Seconds = (description: string) => Type.Number({ description: `${description} In seconds.` });
const Share = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], {
    description: `${description} From 0 to 1; null where there are none.`,
  });
const Average = (description: string) =>
  Type.Union([Type.Number(), Type.Null()], {
    description: `${description} In seconds; null where there are none.`,
  });

/** The figures of a row, and of the whole report. */
const ReportFigures = {
  calls: Count('Calls that were requested in the time and have ended.'),
  offered: Count('Of them, calls that reached a queue.'),
  answered: Count('Calls in which visitor and agent met.'),
  answeredInTime: Count('Answered within `serviceLevelSeconds` of the site.'),
  abandoned: Count('Calls that the visitor left before an agent was there.'),
  abandonedEarly: Count('Abandoned within `shortAbandonSeconds` of the site.'),
  serviceLevel: Share(
    'Answered in time / (answered + abandoned, without those that were abandoned early).',
  ),
  abandonment: Share('Abandoned / offered.'),
  averageWait: Average('From the queue to the meeting, of answered calls.'),
  medianWait: Average(
    'The wait that half of the answered calls did not exceed, from a histogram. Not by agent or disposition.',
  ),
  p90Wait: Average(
    'The wait that nine of ten answered calls did not exceed, from a histogram. Not by agent or disposition.',
  ),
  averageAbandonedWait: Average('From the queue to the end, of abandoned calls.'),
  longestWait: Seconds('The longest wait of an answered or abandoned call.'),
  rings: Count('Offers that rang at an agent.'),
  missed: Count('Offers that were missed.'),
  declined: Count('Offers that were declined.'),
  handled: Count('Legs: talks of one agent in a call. A transferred call has several.'),
  talk: Seconds('The talk time of all legs.'),
  wrapUp: Seconds('The wrap-up time of all legs.'),
  averageTalk: Average('Talk time of a leg.'),
  averageHandling: Average('Talk and wrap-up time of a leg.'),
  medianHandling: Average('What half of the legs did not exceed, from a histogram.'),
  p90Handling: Average('What nine of ten legs did not exceed, from a histogram.'),
};
const Total = closed(ReportFigures);
export type ReportFigures = Shape<typeof Total>;

const ReportRow = closed({
  start: described(CalendarDate, 'The first day of the interval; without one, that of the report.'),
  key: Nullable(
    Type.String({
      description:
        'The id of the group or agent, the hour of the day (0 to 23), or the code of the disposition. Null: in no queue, or without a disposition.',
    }),
  ),
  name: Nullable(Type.String({ description: 'Of the group or agent.' })),
  label: Nullable(described(Texts(80), 'Of the disposition.')),
  ...ReportFigures,
});
export type ReportRow = Shape<typeof ReportRow>;

export const Report = closed({
  from: CalendarDate,
  to: CalendarDate,
  timeZone: Type.String({ description: 'The site’s, in which the days are.' }),
  by: By,
  interval: Nullable(Interval),
  rows: Type.Array(ReportRow, { description: 'By interval, then in the order of the keys.' }),
  total: described(Total, 'Of all rows.'),
});
export type Report = Shape<typeof Report>;

export const ReportQuery = Type.Object({
  from: described(CalendarDate, 'The first day, in the site’s time zone.'),
  to: described(CalendarDate, 'The last day. It belongs to the report.'),
  by: By,
  interval: Type.Optional(
    described(Interval, 'Rows for each day, week (from Monday) or month. Default: one time span.'),
  ),
  group: Type.Optional(described(Slug, 'Only this skill group.')),
  format: Type.Optional(described(OneOf('json', 'csv'), 'Default: json.')),
});
export type ReportQuery = Shape<typeof ReportQuery>;
