import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, Slug, type Shape } from '../schema.ts';
import { RecordingSettings } from '../recording.ts';
import { SiteName, Texts, TimeZone } from './fields.ts';

const Origins = Type.Array(Type.String({ maxLength: 200 }), {
  maxItems: 200,
  description: 'As a browser writes them, for example https://www.example.com.',
});

/** A widget of Cloudflare Turnstile, as its dashboard shows it. */
const challenge = {
  provider: OneOf('turnstile'),
  siteKey: Type.String({ pattern: '^[\\w-]{1,100}$' }),
};

/** How the button looks if the page says nothing else. The console makes the line to paste from it. */
const ButtonSettings = closed({
  theme: OneOf('auto', 'light', 'dark'),
  placement: OneOf('bottom-end', 'bottom-start', 'inline'),
  accent: Nullable(
    Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'The colour of the button.' }),
  ),
  label: Texts(40),
});
export type ButtonSettings = Shape<typeof ButtonSettings>;

/** What the visitor is asked after a call. */
export const RatingSettings = closed({
  kind: OneOf('none', 'stars', 'yes-no'),
  reasons: Type.Array(closed({ id: Slug, label: Texts(60) }), {
    maxItems: 12,
    description: 'What the visitor can choose as reasons, in this order.',
  }),
  text: Type.Boolean({ description: 'Whether the visitor can write a text.' }),
});
export type RatingSettings = Shape<typeof RatingSettings>;

const settings = {
  name: SiteName,
  timeZone: TimeZone,
  origins: Origins,
  crmOrigins: Origins,
  queueLimit: Type.Integer({ minimum: 1, maximum: 100_000 }),
  callsPerAddress: Nullable(Type.Integer({ minimum: 1, maximum: 100_000 })),
  callsPerAddressPerDay: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  visitorCheck: OneOf('none', 'identity', 'challenge'),
  socketLimit: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  picturesPerRoom: Type.Integer({ minimum: 1, maximum: 10_000 }),
  pictureMegabytes: Type.Integer({ minimum: 1, maximum: 10_000_000 }),
  noAgent: OneOf('queue', 'refuse'),
  media: OneOf('default', 'mesh', 'trtc'),
  mediaFallback: Type.Boolean(),
  button: ButtonSettings,
  serviceLevelSeconds: Type.Integer({
    minimum: 1,
    maximum: 3600,
    description: 'A call that is answered within so many seconds reaches the service level.',
  }),
  shortAbandonSeconds: Type.Integer({
    minimum: 0,
    maximum: 300,
    description: 'A call that the visitor leaves sooner does not count in the service level.',
  }),
  rating: RatingSettings,
  recording: RecordingSettings,
  rejoinSeconds: Type.Integer({
    minimum: 0,
    maximum: 300,
    description:
      'For so long a visitor who has left a call can come back to it. 0: leaving ends the call at once.',
  }),
};

export const SiteSettings = closed({
  id: Slug,
  ...settings,
  challenge: Type.Union([closed(challenge), Type.Null()], {
    description: 'Without its secret key.',
  }),
});
export type SiteSettings = Shape<typeof SiteSettings>;

export const SiteSettingsChange = Type.Partial(
  closed({
    ...settings,
    challenge: Nullable(
      closed({
        ...challenge,
        secretKey: Type.Optional(
          Type.String({
            pattern: '^[\\w-]{1,100}$',
            description: 'Default: the one that is stored.',
          }),
        ),
      }),
    ),
  }),
  { additionalProperties: false },
);
export type SiteSettingsChange = Shape<typeof SiteSettingsChange>;
