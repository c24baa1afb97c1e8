import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Uuid } from '../schema.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';

/** What endpoints can be told of. */
const WEBHOOK_TYPES = [
  'call.created',
  'call.flow_answered',
  'call.queued',
  'call.offered',
  'call.offer_missed',
  'call.accepted',
  'call.connected',
  'call.participant_joined',
  'call.participant_left',
  'call.ended',
  'call.wrapped_up',
  'call.rated',
  'message.left',
  'callback.created',
  'callback.due',
  'callback.reached',
  'callback.failed',
  'recording.ready',
  'recording.failed',
  'case_file.ready',
  'agent.status_changed',
  'flow.published',
  'configuration.changed',
  'visitor.erased',
] as const;
const WebhookType = OneOf(...WEBHOOK_TYPES);
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

const Time = Type.Number({ description: 'Ms since 1970.' });
const MAX_URL_LENGTH = 2_048;

const settings = {
  url: Type.String({
    maxLength: MAX_URL_LENGTH,
    pattern: '^https://',
    description: 'HTTPS, with a public address.',
  }),
  description: Type.String({ maxLength: 200, pattern: '^[^\\u0000-\\u001f]*$' }),
  types: Type.Union([Type.Array(WebhookType, { minItems: 1, uniqueItems: true }), Type.Null()], {
    description: 'Null: all, also those that later versions add.',
  }),
};

export const Webhook = closed({
  id: Uuid,
  ...settings,
  enabled: Type.Boolean(),
  disabledReason: Type.Union([OneOf('by-hand', 'gone'), Type.Null()], {
    description: '`gone`: the endpoint answered 410.',
  }),
  secretVersion: Type.Integer({ description: 'Of the present secret; the first is 1.' }),
  previousSecretUntil: Type.Union([Time, Type.Null()], {
    description: 'Until then deliveries are also signed with the secret before.',
  }),
  createdAt: Time,
  waiting: Type.Integer({ description: 'Deliveries that wait for their next attempt.' }),
  failed: Type.Integer({ description: 'Deliveries that failed for good.' }),
});
export type Webhook = Shape<typeof Webhook>;

export const WebhookQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  state: Type.Optional(OneOf('on', 'off')),
  sort: sortBy('createdAt', 'url'),
});
export const WebhookPage = page(Webhook);

export const NewWebhook = closed({
  url: settings.url,
  description: Type.Optional(settings.description),
  types: Type.Optional(settings.types),
});
export type NewWebhook = Shape<typeof NewWebhook>;

export const WebhookChange = Type.Partial(closed({ ...settings, enabled: Type.Boolean() }), {
  additionalProperties: false,
});
export type WebhookChange = Shape<typeof WebhookChange>;

export const MadeWebhook = closed({
  webhook: Webhook,
  secret: Type.String({ description: 'whsec_…. It is shown here and nowhere else.' }),
});
export type MadeWebhook = Shape<typeof MadeWebhook>;

export const WebhookRotation = closed({
  overlapHours: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 168,
      default: 24,
      description: 'How long deliveries are signed with both secrets.',
    }),
  ),
});

export const WebhookDelivery = closed({
  event: Type.Integer({ description: 'The number of the event.' }),
  webhookId: Type.String({ description: 'The header `webhook-id`.' }),
  type: Type.String(),
  callId: Nullable(Uuid),
  at: described(Time, 'When it happened. Ms since 1970.'),
  state: OneOf('waiting', 'delivered', 'failed'),
  attempts: Type.Integer(),
  attemptedAt: Nullable(Time),
  nextAttemptAt: Nullable(Time),
  status: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Of the last answer. Null: there was none.',
  }),
  error: Nullable(Type.String({ description: 'Why there was no answer.' })),
  answer: Nullable(Type.String({ description: 'The first bytes of the last answer.' })),
});
export type WebhookDelivery = Shape<typeof WebhookDelivery>;

export const WebhookDeliveryQuery = Type.Object({
  ...PageQuery,
  state: Type.Optional(OneOf('waiting', 'delivered', 'failed')),
});
export const WebhookDeliveryPage = page(WebhookDelivery);

export const SentEvent = closed({ event: Type.Integer() });
