import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, Slug, type Shape } from '../schema.ts';
import { CaptionSettings } from '../captions.ts';
import { RecordingSettings } from '../recording.ts';
import { MediaProfile } from '../video-profile.ts';
import { LongTexts, SiteName, Texts, TimeZone } from './fields.ts';

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

/** What a visitor agrees to before camera and microphone are asked for. */
export const ConsentSettings = closed({
  text: LongTexts(4_000),
  link: Nullable(
    Type.String({
      pattern: '^https://[^\\s\\u0000-\\u001f]{1,490}$',
      description: 'Where the visitor can read more, for example your privacy notice.',
    }),
  ),
});
export type ConsentSettings = Shape<typeof ConsentSettings>;

/** The site's own words for the params of its pages. */
export const ParamLabels = Type.Array(
  closed({
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'Of the param, as the page sends it.',
    }),
    label: Texts(60),
    values: Type.Array(
      closed({
        value: Type.String({ minLength: 1, maxLength: 60, description: 'As the page sends it.' }),
        text: Texts(60),
      }),
      { maxItems: 50, description: 'What is shown instead of these values.' },
    ),
  }),
  {
    maxItems: 50,
    description:
      'What agents read instead of the names and values of params. Params are shown in the order of the page.',
  },
);
export type ParamLabels = Shape<typeof ParamLabels>;

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
  deviceTestRoom: described(
    Type.Boolean(),
    'Whether a device test measures the line in a short room of TRTC, which TRTC bills. For calls on TRTC.',
  ),
  mediaProfile: described(
    MediaProfile,
    'How cameras are captured and sent: saver (360 lines, 15 frames, 500 kb/s), standard (720, 30, 1,800), detail (1080, 15, 2,500, sharpness first), or numbers.',
  ),
  phoneMediaProfile: described(Nullable(MediaProfile), 'On phones. Null: as on computers.'),
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
  paramLabels: ParamLabels,
  recording: RecordingSettings,
  captions: CaptionSettings,
  rejoinSeconds: Type.Integer({
    minimum: 0,
    maximum: 300,
    description:
      'For so long a visitor who has left a call can come back to it. 0: leaving ends the call at once.',
  }),
  consent: described(
    Nullable(ConsentSettings),
    'Null: nothing is asked. A visitor who has agreed is asked again once text or link has changed.',
  ),
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
