import { Type } from '@sinclair/typebox';
import { WaitEstimate } from '../call-view.ts';
import { closed, described, Nullable, Slug, Time, type Shape } from '../schema.ts';

export const WaitQuery = closed({
  skill: Type.Optional(described(Slug, 'A skill group. Then no flow is asked.')),
  flow: Type.Optional(
    described(
      Slug,
      'A published flow. Without `skill` and `flow`: the default flow, else the first group.',
    ),
  ),
});
export type WaitQuery = Shape<typeof WaitQuery>;

/** What a visitor may know before the press. */
export const Wait = closed({
  open: Type.Boolean({ description: 'Whether a call that comes now reaches a queue.' }),
  until: Nullable(
    described(Time, 'When `open` changes (ms since 1970); null: not within 31 days.'),
  ),
  estimate: Nullable(
    described(
      WaitEstimate,
      'The likely wait in seconds, over all queues that the call can reach; null: not known.',
    ),
  ),
  late: Type.Boolean({ description: 'Whether the wait may last beyond the closing time.' }),
});
export type Wait = Shape<typeof Wait>;
