/** Captions: what is said in a call, written by the browsers that hear it, or by TRTC's cloud. */
import { Type } from '@sinclair/typebox';
import { closed, OneOf, type Shape } from './schema.ts';

/** Characters of one line. A longer one is cut by the browser that writes it. */
export const MAX_CAPTION_LENGTH = 500;

/** A language as browsers write it, for example `en-GB` or `zh-CN`. */
export const CaptionLanguage = Type.String({
  maxLength: 35,
  pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$',
});

/** Languages into which one line is translated. */
export const MAX_CAPTION_TRANSLATIONS = 5;

/** A line in a language that its speaker does not speak. */
export const CaptionTranslation = closed({
  language: CaptionLanguage,
  text: Type.String({ minLength: 1, maxLength: MAX_CAPTION_LENGTH }),
});
export type CaptionTranslation = Shape<typeof CaptionTranslation>;

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
  by: Type.Optional(
    Type.Unsafe<'browser' | 'cloud'>({
      ...OneOf('browser', 'cloud'),
      description:
        'Who recognises speech. `browser`: the one of whoever speaks, on the device itself. `cloud`: TRTC’s, in calls whose media run on TRTC, and the browser in others.',
    }),
  ),
  translate: Type.Optional(
    Type.Boolean({
      description:
        'Translates what is said for whoever reads captions in another language. Needs `by` `cloud`.',
    }),
  ),
});
export type CaptionSettings = Shape<typeof CaptionSettings>;

/** What a ticket says about the captions of its room. */
export const CaptionTicket = closed({
  /** Lines are sent to the server, too. */
  kept: Type.Boolean(),
  languages: Type.Array(CaptionLanguage),
  /** The media's cloud recognises speech. Left out: the browsers do. */
  cloud: Type.Optional(closed({ translate: Type.Boolean() })),
});
export type CaptionTicket = Shape<typeof CaptionTicket>;
