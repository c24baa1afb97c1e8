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

/** The privacy ledger of a call: what its visitor may know about the data that are kept of it. */
export const OwnCallLedger = closed({
  people: Type.Array(
    closed({
      role: OneOf('visitor', 'agent', 'guest'),
      name: Type.String(),
      enteredAt: Time,
      leftAt: described(Nullable(Time), 'Null: still there.'),
    }),
    { description: 'Who was in the room of the call, in the order of entering.' },
  ),
  recordings: Type.Array(
    closed({
      type: Type.String({ description: 'For example recording-started, recording-stopped.' }),
      at: Time,
    }),
    { description: 'When a recording began, paused and ended. Empty: nothing was recorded.' },
  ),
  captions: Type.Integer({
    description: 'Lines of what was said that are kept, with the conversation.',
  }),
  readings: Type.Array(
    closed({
      what: OneOf('call', 'conversation', 'recording', 'case-file'),
      at: Time,
      role: described(
        OneOf('agent', 'supervisor', 'admin', 'owner', 'backend', 'operator', 'link'),
        '`link`: somebody to whom the service gave a link.',
      ),
      name: described(
        Nullable(Type.String()),
        'The name that agents show. Null for a program, and for the operator of the server.',
      ),
    }),
    { description: 'Who has looked at the call after its end; the newest 100, oldest first.' },
  ),
  consent: Type.Union(
    [
      closed({
        agreed: Type.Boolean(),
        at: Time,
        text: Type.Record(Type.String(), Type.String(), { description: 'By language.' }),
        link: Nullable(Type.String()),
      }),
      Type.Null(),
    ],
    { description: 'Null: the site asked for nothing.' },
  ),
  deletion: Type.Union(
    [
      closed({
        call: Time,
        conversation: Time,
        pictures: Time,
      }),
      Type.Null(),
    ],
    { description: 'When what is kept is deleted at the latest. Null before the end of the call.' },
  ),
});
export type OwnCallLedger = Shape<typeof OwnCallLedger>;

/** The order to erase a call, by its visitor or by the site. */
export const OwnErasure = closed({
  id: Uuid,
  requestedAt: Time,
  finishedAt: described(Nullable(Time), 'Null while the call is being erased.'),
  certificate: described(
    Nullable(Type.String()),
    'A JWT (EdDSA) that says what was deleted, once it is done. See /erasure-key.',
  ),
});
export type OwnErasure = Shape<typeof OwnErasure>;
