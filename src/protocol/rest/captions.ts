/** What was said in a call, as its records show it. */
import { Type } from '@sinclair/typebox';
import { CaptionTranslation } from '../captions.ts';
import { ParticipantRole } from '../room-view.ts';
import { closed, ParticipantId, Uuid, type Shape } from '../schema.ts';

/** A line that is kept. */
export const CaptionLine = closed({
  id: Uuid,
  from: ParticipantId,
  name: Type.String({ description: 'The name of who spoke.' }),
  role: ParticipantRole,
  at: Type.Number({ description: 'When it began to be spoken, in ms since 1970.' }),
  language: Type.String({ description: 'A BCP 47 tag: the language that was recognised.' }),
  text: Type.String(),
  translations: Type.Array(CaptionTranslation, {
    description: 'The line in the languages of those who read it. Empty: it was not translated.',
  }),
});
export type CaptionLine = Shape<typeof CaptionLine>;
