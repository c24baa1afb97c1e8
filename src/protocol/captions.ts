/** Captions: what is said in a call, written by the browsers that hear it. */
import { Type } from '@sinclair/typebox';
import { closed, OneOf, type Shape } from './schema.ts';

/** Characters of one line. A longer one is cut by the browser that writes it. */
export const MAX_CAPTION_LENGTH = 500;

/** A language as browsers write it, for example `en-GB` or `zh-CN`. */
export const CaptionLanguage = Type.String({
  maxLength: 35,
  pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$',
});

/** What a site says about captions. */
export const CaptionSettings = closed({
  mode: Type.Unsafe<'off' | 'shown' | 'kept'>({
    ...OneOf('off', 'shown', 'kept'),
    description:
      '`shown`: to whoever asks for them in a call; nothing is stored. `kept`: every call is written down from its beginning, and kept with its conversation.',
  }),
  languages: Type.Array(CaptionLanguage, {
    maxItems: 20,
    description:
      'In which people may speak, the most usual one first. Empty: each person in the language of their page.',
  }),
});
export type CaptionSettings = Shape<typeof CaptionSettings>;

/** What a ticket says about the captions of its room. */
export const CaptionTicket = closed({
  /** Lines are sent to the server, too. */
  kept: Type.Boolean(),
  languages: Type.Array(CaptionLanguage),
});
export type CaptionTicket = Shape<typeof CaptionTicket>;
