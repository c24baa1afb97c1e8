import type { FastifyRequest } from 'fastify';
import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  CallbackConsent,
  OwnCallback,
  PushSubscription,
} from '../../../protocol/rest/own-callback.ts';
import { agreeToCallback } from '../../callbacks/agree-to-callback.ts';
import { readCallbackCode } from '../../callbacks/callback-code.ts';
import { cancelCallback } from '../../callbacks/cancel-callback.ts';
import { readOwnCallback } from '../../callbacks/own-callback.ts';
import { pushKeys } from '../../callbacks/push-keys.ts';
import { writePushSubscription } from '../../callbacks/push-subscriptions.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** What a visitor does with the code of a callback. The code is the bearer token, so that it stands in no address. */
export async function ownCallbackRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, settings } = context;
  const common = { tags: ['callback'], security: [{ callback: [] }] };
  const pushKey = settings.publicUrl?.startsWith('https:') ? pushKeys(key).publicKey : null;
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  const idOf = (request: FastifyRequest): string => {
    const id = readCallbackCode(key, readBearer(request));
    if (id === null) throw new RtcDeskError('unauthorized', 'This is no code of a callback.');
    return id;
  };

  app.get(
    '/own-callback',
    {
      schema: {
        ...common,
        summary: 'The callback that a code opens',
        response: { 200: OwnCallback, ...errorReplies },
      },
    },
    async (request) => ({ ...(await readOwnCallback(database, idOf(request))), pushKey }),
  );

  app.delete(
    '/own-callback',
    {
      schema: {
        ...common,
        summary: 'The visitor does not want to be called back',
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      await cancelCallback(database, idOf(request));
      return reply.status(204).send(null);
    },
  );

  app.put(
    '/own-callback/consent',
    {
      schema: {
        ...common,
        summary: 'The visitor agrees to the site’s text before entering the call',
        body: CallbackConsent,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      await agreeToCallback(database, idOf(request), request.body.version);
      return reply.status(204).send(null);
    },
  );

  app.put(
    '/own-callback/push-subscription',
    {
      schema: {
        ...common,
        summary: 'Show a notification in this browser when the visitor is asked in',
        body: PushSubscription,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      await writePushSubscription(database, idOf(request), request.body);
      return reply.status(204).send(null);
    },
  );
}
