import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Slug } from '../schema.ts';
import { CalendarDate } from './fields.ts';

/** The steps in their order. `setup` is what does not wait for people: press, accept, enter and visitorFrame together. */
export const CALL_STEPS = [
  'total',
  'setup',
  'press',
  'queue',
  'ring',
  'accept',
  'enter',
  'visitorFrame',
  'agentFrame',
] as const;

const Ms = described(Nullable(Type.Number()), 'In ms; null where there are no calls.');

export const StepReport = closed({
  steps: Type.Array(
    closed({
      step: OneOf(...CALL_STEPS),
      calls: Type.Integer({ description: 'Calls of which the step is known.' }),
      median: Ms,
      p90: Ms,
      p99: Ms,
    }),
    { description: 'One row for each step (`CallSteps` of a call), and `setup`.' },
  ),
  setup: Type.Array(
    closed({
      below: Nullable(Type.Integer({ description: 'In ms; null: everything above.' })),
      calls: Type.Integer(),
    }),
    { description: 'How many calls had a `setup` below this, and not below the one before.' },
  ),
});
export type StepReport = Shape<typeof StepReport>;

export const StepReportQuery = Type.Object({
  from: described(CalendarDate, 'The first day, in the site’s time zone.'),
  to: described(CalendarDate, 'The last day. It belongs to the report.'),
  group: Type.Optional(described(Slug, 'Only this skill group.')),
});
export type StepReportQuery = Shape<typeof StepReportQuery>;
