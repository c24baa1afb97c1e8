/** The search in what was written, said and noted in calls. */
import { Type } from '@sinclair/typebox';
import { ParticipantRole } from '../room-view.ts';
import { closed, described, Nullable, OneOf, type Shape, Slug, Uuid } from '../schema.ts';
import { CallFilter, CallSummary } from './calls.ts';

export const MIN_SEARCH_LENGTH = 2;

export const CallSearchQuery = Type.Object({
  text: Type.String({
    minLength: MIN_SEARCH_LENGTH,
    maxLength: 80,
    pattern: '^[^\\u0000-\\u001f]*$',
    description: 'Found anywhere in a line. Case does not matter.',
  }),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 20 })),
  cursor: Type.Optional(Type.String({ maxLength: 512, description: 'From the page before.' })),
  from: CallFilter.from,
  to: CallFilter.to,
  group: Type.Optional(Slug),
  agent: Type.Optional(described(Uuid, 'An agent who accepted the call.')),
});

export const FoundCall = closed({
  call: CallSummary,
  lines: Type.Array(
    closed({
      kind: described(
        OneOf('chat', 'caption', 'note'),
        '`chat`: written. `caption`: said. `note`: the newest version of an agent’s note.',
      ),
      at: Type.Number({ description: 'Ms since 1970.' }),
      name: Type.String({ description: 'Of who wrote or spoke.' }),
      role: ParticipantRole,
      text: Type.String(),
    }),
    { description: 'In the order of time, the first five.' },
  ),
  total: Type.Integer({ description: 'How many lines of the call have the text.' }),
});
export type FoundCall = Shape<typeof FoundCall>;

/** A page looks through up to 500 calls. It may be empty, and others may follow all the same. */
export const CallSearchPage = closed({
  items: Type.Array(FoundCall, { description: 'The newest calls first.' }),
  cursor: Nullable(Type.String({ description: 'For the next page; null on the last page.' })),
  searchedTo: described(
    Nullable(Type.Number()),
    'The time of the oldest call that was looked through, in ms since 1970. Null: there was none.',
  ),
});
export type CallSearchPage = Shape<typeof CallSearchPage>;
