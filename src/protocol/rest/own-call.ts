/** What a visitor sees of their own call, during it and after the end, and may do with it. */
import { Type } from '@sinclair/typebox';
import { ChatMessage } from '../chat.ts';
import { closed, described, Nullable, OneOf, type Shape, Slug, Uuid } from '../schema.ts';
import { Texts } from './fields.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });
const RatingText = Type.String({ maxLength: 1_000 });

export const NewRating = closed({
  value: Type.Integer({
    minimum: 1,
    maximum: 5,
    description: 'Where the site asks for yes or no: 5 or 1.',
  }),
  reasons: Type.Optional(
    Type.Array(Slug, { maxItems: 12, uniqueItems: true, description: 'The ids of reasons.' }),
  ),
  text: Type.Optional(RatingText),
});
export type NewRating = Shape<typeof NewRating>;

export const OwnRating = closed({
  value: Type.Integer(),
  reasons: Type.Array(Slug),
  text: Type.String(),
});
export type OwnRating = Shape<typeof OwnRating>;

export const OwnCall = closed({
  id: Uuid,
  site: Type.String({ description: 'The id of the site.' }),
  siteName: Type.String(),
  group: described(Nullable(Type.String()), 'The name of the skill group.'),
  agentName: Nullable(Type.String()),
  requestedAt: Time,
  connectedAt: Nullable(Time),
  endedAt: Nullable(Time),
  seconds: Type.Number({ description: 'Talk time.' }),
  now: described(Time, 'The server’s clock.'),
  leftUntil: described(
    Nullable(Time),
    'The visitor has left the call, and can come back to it until then.',
  ),
  rating: Type.Union(
    [
      closed({
        kind: OneOf('stars', 'yes-no'),
        reasons: Type.Array(closed({ id: Slug, label: Texts(60) })),
        text: Type.Boolean({ description: 'Whether the visitor can write a text.' }),
        given: Nullable(OwnRating),
      }),
      Type.Null(),
    ],
    { description: 'Null where the visitor cannot rate the call now.' },
  ),
  messages: Type.Integer({ description: 'How many messages the conversation has.' }),
  link: Type.Union([closed({ code: Type.String(), expiresAt: Time }), Type.Null()], {
    description: 'The code of the page `/my-call`. Null before visitor and agent have met.',
  }),
});
export type OwnCall = Shape<typeof OwnCall>;

/** What was said in a call, and the code with which its pictures and the file are loaded. */
export const OwnConversation = closed({
  messages: Type.Array(ChatMessage),
  fileCode: Type.String({
    description: 'For the query `code` of the pictures and the file. It counts for five minutes.',
  }),
});
export type OwnConversation = Shape<typeof OwnConversation>;
