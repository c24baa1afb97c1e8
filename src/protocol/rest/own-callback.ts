/** What a visitor who has the code of a message or a callback is told, and may ask for. */
import { Type } from '@sinclair/typebox';
import { closed, ConsentVersion, described, Nullable, type Shape } from '../schema.ts';
import { ConsentView } from '../visitor-view.ts';
import { CallbackState } from './follow-ups.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });

export const OwnCallback = closed({
  site: Type.String({ description: 'The id of the site.' }),
  siteName: Type.String(),
  group: Type.String({ description: 'The name of the skill group.' }),
  state: Type.Union([CallbackState, Type.Null()], {
    description: 'Null: a message that is not answered by a callback.',
  }),
  nextAt: Type.Union([Time, Type.Null()], { description: 'The next attempt comes not before.' }),
  expiresAt: Nullable(Time),
  answerBy: Type.Union([Time, Type.Null()], {
    description:
      'While `calling`, once the agent is in the room: until when the visitor can enter.',
  }),
  consent: described(
    Nullable(ConsentView),
    'What the visitor has to agree to before entering. Null: nothing, or the visitor has agreed.',
  ),
  pushKey: Type.Union([Type.String(), Type.Null()], {
    description: 'The key for a web push subscription. Null: this server sends none.',
  }),
});
export type OwnCallback = Shape<typeof OwnCallback>;

/** The visitor agrees to the text of this version. */
export const CallbackConsent = closed({ version: ConsentVersion });
export type CallbackConsent = Shape<typeof CallbackConsent>;

const Base64Url = Type.String({ pattern: '^[A-Za-z0-9_-]{16,128}={0,2}$' });

/** As the browser's `PushSubscription` gives it. */
export const PushSubscription = closed({
  endpoint: Type.String({ maxLength: 2_048, pattern: '^https://[^\\s]+$' }),
  expirationTime: Type.Optional(Nullable(Type.Number())),
  keys: closed({ p256dh: Base64Url, auth: Base64Url }),
});
export type PushSubscription = Shape<typeof PushSubscription>;
