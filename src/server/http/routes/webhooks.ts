import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import {
  MadeWebhook,
  NewWebhook,
  SentEvent,
  Webhook,
  WebhookChange,
  WebhookDeliveryPage,
  WebhookDeliveryQuery,
  WebhookPage,
  WebhookQuery,
  WebhookRotation,
} from '../../../protocol/rest/webhooks.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import {
  changeWebhook,
  deleteWebhook,
  listWebhooks,
  makeWebhook,
  readWebhook,
  rotateWebhookSecret,
  webhookSettings,
} from '../../configuration/webhooks.ts';
import { listDeliveries } from '../../webhooks/list-deliveries.ts';
import { sendAgain, sendTest } from '../../webhooks/send-again.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';

const WebhookParams = closed({ id: Uuid });
const DeliveryParams = closed({
  id: Uuid,
  event: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});
const OVERLAP_HOURS = 24;

/** Endpoints that are told what happens on the site, and what was sent to them. */
export async function webhookRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, logger } = context;
  const common = { tags: ['webhooks'], security: CALLER_SECURITY };
  const settings = { action: 'settings' } as const;
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);
  /** Rejects with `not-found` if the webhook belongs to another site. */
  const requireOwn = async (request: { readonly raw: object; readonly params: { id: string } }) =>
    readWebhook(database, callerOf(request).siteId, request.params.id);

  app.get(
    '/webhooks',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'All webhooks of the site',
        querystring: WebhookQuery,
        response: { 200: WebhookPage, ...errorReplies },
      },
    },
    (request) => listWebhooks(database, callerOf(request).siteId, request.query),
  );

  app.post(
    '/webhooks',
    {
      config: { ...settings, answersSecret: true },
      schema: {
        ...common,
        summary: 'Make a webhook',
        body: NewWebhook,
        response: { 201: MadeWebhook, ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = changedBy(request, context);
      const made = { id: randomUUID(), webhook: request.body };
      const { webhook, secret, receipts } = await makeWebhook(database, key, by, made);
      logAudit(logger, ...receipts);
      setVersion(reply, webhookSettings(webhook));
      return reply.status(201).send({ webhook, secret });
    },
  );

  app.get(
    '/webhooks/:id',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'A webhook',
        params: WebhookParams,
        response: { 200: Webhook, ...errorReplies },
      },
    },
    async (request, reply) => {
      const webhook = await requireOwn(request);
      setVersion(reply, webhookSettings(webhook));
      return webhook;
    },
  );

  app.patch(
    '/webhooks/:id',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'Change a webhook, or switch it off and on',
        params: WebhookParams,
        body: WebhookChange,
        response: { 200: Webhook, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { webhook, receipts } = await changeWebhook(database, changedBy(request, context), {
        id: request.params.id,
        version: readIfMatch(request),
        change: request.body,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, webhookSettings(webhook));
      return webhook;
    },
  );

  app.delete(
    '/webhooks/:id',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'Delete a webhook with its deliveries',
        params: WebhookParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const deleted = { id: request.params.id, version: readIfMatch(request) };
      logAudit(logger, ...(await deleteWebhook(database, changedBy(request, context), deleted)));
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/webhooks/:id/secret',
    {
      config: { ...settings, answersSecret: true },
      schema: {
        ...common,
        summary:
          'Replace the secret (with If-Match). For some hours deliveries are signed with both',
        params: WebhookParams,
        body: WebhookRotation,
        response: { 201: MadeWebhook, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { overlapHours = OVERLAP_HOURS } = request.body;
      const version = readIfMatch(request);
      const rotation = { id: request.params.id, version, overlapHours };
      const by = changedBy(request, context);
      const { webhook, secret, receipts } = await rotateWebhookSecret(database, key, by, rotation);
      logAudit(logger, ...receipts);
      setVersion(reply, webhookSettings(webhook));
      return reply.status(201).send({ webhook, secret });
    },
  );

  app.post(
    '/webhooks/:id/test',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'Send an event of the type `webhook.test`',
        params: WebhookParams,
        response: { 202: SentEvent, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = await requireOwn(request);
      return reply.status(202).send({ event: await sendTest(database, id) });
    },
  );

  app.get(
    '/webhooks/:id/deliveries',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'What was sent to a webhook in the last 30 days, and what it answered',
        params: WebhookParams,
        querystring: WebhookDeliveryQuery,
        response: { 200: WebhookDeliveryPage, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = await requireOwn(request);
      return listDeliveries(database, id, request.query);
    },
  );

  app.post(
    '/webhooks/:id/deliveries/:event/again',
    {
      config: settings,
      schema: {
        ...common,
        summary: 'Send an event again',
        params: DeliveryParams,
        response: { 202: SentEvent, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = await requireOwn(request);
      const { event } = request.params;
      await sendAgain(database, id, event);
      return reply.status(202).send({ event });
    },
  );
}
