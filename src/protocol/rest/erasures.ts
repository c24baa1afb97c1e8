/** The orders to erase a visitor or a call, as the console lists them. */
import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Uuid } from '../schema.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });

export const ErasureSummary = closed({
  id: Uuid,
  kind: OneOf('visitor', 'call'),
  requestedBy: Type.String({ description: '`visitor`: by the visitor of the call.' }),
  requestedAt: Time,
  finishedAt: described(Nullable(Time), 'Null while the job goes on.'),
  calls: Type.Integer({ description: 'How many calls were erased so far.' }),
});
export type ErasureSummary = Shape<typeof ErasureSummary>;

export const ErasureList = closed({
  erasures: Type.Array(ErasureSummary, { description: 'The newest first.' }),
});
export type ErasureList = Shape<typeof ErasureList>;
