import { randomUUID } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { limits } from '../../../protocol/limits.ts';
import { issueRoomToken } from '../../identity/room-token.ts';
import { findDemoRoom } from '../../sites/demo-site.ts';
import type { HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

const Visitor = Type.Object(
  {
    name: Type.String({
      pattern: '^[^\\u0000-\\u001f]*\\S[^\\u0000-\\u001f]*$',
      maxLength: limits.nameLength,
    }),
  },
  { additionalProperties: false },
);

/** An afternoon in the demo's room; in seconds. */
const SECONDS = 4 * 60 * 60;

/** The demo's pages, under a policy as strict as any: they show that the elements work with it. */
export async function demoRoutes(app: FastifyInstance, context: HttpContext): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    setPagePolicy(context, request, reply, { frames: true });
  });
  await app.register(fastifyStatic, {
    root: context.demoFolder,
    prefix: '/demo/',
    prefixAvoidTrailingSlash: false,
    decorateReply: false,
    redirect: true,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders: (response) => void response.setHeader('cache-control', 'no-cache'),
  });
  app.get('/demo', (_request, reply) => reply.redirect('/demo/'));

  // In place of the site's backend, which would ask for the token with its own key.
  app.post<{ Body: Static<typeof Visitor> }>(
    '/demo/room-token',
    { schema: { body: Visitor }, config: { rateLimit: { max: 60, timeWindow: '1 minute' } } },
    async ({ body }) => {
      const room = await findDemoRoom(context.database, context.media);
      const guest = { room, subject: randomUUID(), name: body.name.trim(), verified: false };
      return { token: await issueRoomToken(context.key, { ...guest, seconds: SECONDS }), room };
    },
  );
}
