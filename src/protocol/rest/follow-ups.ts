/** Messages that visitors left, and callbacks that they asked for. */
import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, Slug, Uuid, type Shape } from '../schema.ts';
import { page, PageQuery, sortBy } from './paging.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });

const CALLBACK_STATES = [
  /** For its turn, for the opening hours, or for the next attempt. */
  'waiting',
  /** In the queue. */
  'due',
  /** It rings at an agent. */
  'offering',
  /** The agent is there, and the visitor is asked in. */
  'calling',
  'reached',
  'no-answer',
  'expired',
  'cancelled',
] as const;
export const CallbackState = OneOf(...CALLBACK_STATES);
export type CallbackState = (typeof CALLBACK_STATES)[number];

export const FollowUpVersion = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

export const FollowUp = closed({
  id: Uuid,
  kind: OneOf('message', 'callback'),
  group: Type.String({ description: 'The id of a skill group.' }),
  call: described(Uuid, 'The call in which it was left.'),
  visitor: Type.String({ description: 'The name.' }),
  contact: Type.String({
    description: 'An e-mail address or a phone number, as the visitor wrote it.',
  }),
  text: Type.String(),
  leftAt: Time,
  assignee: Type.Union([closed({ id: Uuid, name: Type.String() }), Type.Null()], {
    description: 'The agent who takes care of it.',
  }),
  handledAt: Nullable(Time),
  handledBy: Nullable(Type.String()),
  callback: Type.Union(
    [
      closed({
        state: CallbackState,
        attempts: Type.Integer({ description: 'Calls that ended before the visitor came.' }),
        nextAt: described(Time, 'While `waiting`: not before. Ms since 1970.'),
        expiresAt: Time,
      }),
      Type.Null(),
    ],
    { description: 'Null: a message that is not answered by a callback.' },
  ),
  version: described(FollowUpVersion, 'The ETag of what can be changed, for If-Match.'),
});
export type FollowUp = Shape<typeof FollowUp>;

export const FollowUpQuery = Type.Object({
  ...PageQuery,
  sort: sortBy('leftAt'),
  status: Type.Optional(OneOf('open', 'handled')),
  kind: Type.Optional(OneOf('message', 'callback')),
  group: Type.Optional(Slug),
});
export type FollowUpQuery = Shape<typeof FollowUpQuery>;
export const FollowUpPage = page(FollowUp);

export const FollowUpChange = Type.Partial(
  closed({
    assignee: Type.Union([Uuid, Type.Null()], {
      description: 'An agent of the group. Agents name only themselves, or take that back.',
    }),
    handled: Type.Boolean({ description: 'Somebody has answered. It cancels an open callback.' }),
  }),
  { additionalProperties: false, minProperties: 1 },
);
export type FollowUpChange = Shape<typeof FollowUpChange>;
