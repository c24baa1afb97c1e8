import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Slug, Uuid } from '../schema.ts';
import { TextLanguage } from './fields.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';

export const ReplyScope = OneOf('personal', 'group', 'site');
export type ReplyScope = Shape<typeof ReplyScope>;

const settings = {
  shortcut: Type.String({
    pattern: '^[\\p{L}\\p{N}_-]{1,32}$',
    description: 'Typed after a slash. It is there once in each scope and language.',
  }),
  language: Type.Union([TextLanguage, Type.Null()], { description: 'Null: any language.' }),
  text: Type.String({
    minLength: 1,
    maxLength: 2000,
    pattern: '^[^\\u0000]*$',
    description:
      'With the variables {visitor}, {agent}, {site}, {group} and {param:NAME}, which the desk fills in.',
  }),
};

export const CannedReply = closed({
  id: Uuid,
  scope: ReplyScope,
  group: Nullable(Slug),
  agent: Type.Union([Uuid, Type.Null()], { description: 'Whose personal reply it is.' }),
  ...settings,
  picture: Nullable(closed({ width: Type.Integer(), height: Type.Integer() })),
});
export type CannedReply = Shape<typeof CannedReply>;

export const CannedReplyQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  scope: Type.Optional(ReplyScope),
  group: Type.Optional(Slug),
  language: Type.Optional(TextLanguage),
  sort: sortBy('shortcut'),
});
export const CannedReplyPage = page(CannedReply);
export type CannedReplyPage = Shape<typeof CannedReplyPage>;

export const NewCannedReply = closed({
  scope: ReplyScope,
  group: Type.Optional(described(Slug, 'For the scope `group`.')),
  shortcut: settings.shortcut,
  language: Type.Optional(settings.language),
  text: settings.text,
});
export type NewCannedReply = Shape<typeof NewCannedReply>;

export const CannedReplyChange = Type.Partial(closed(settings), { additionalProperties: false });
export type CannedReplyChange = Shape<typeof CannedReplyChange>;
