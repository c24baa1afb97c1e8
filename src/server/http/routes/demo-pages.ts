import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { Type } from '@sinclair/typebox';
import { renderSVG } from 'uqr';
import { limits } from '../../../protocol/limits.ts';
import { closed } from '../../../protocol/schema.ts';
import { issueRoomToken } from '../../identity/room-token.ts';
import { findDemoRoom } from '../../sites/demo-site.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { ownAddress } from '../own-address.ts';
import { setPagePolicy } from '../page-policy.ts';
import { LINE_PATTERN } from './rooms.ts';

const DemoGuest = closed({
  name: Type.String({ pattern: LINE_PATTERN, maxLength: limits.nameLength }),
});

const PAGES = { customer: 'site/?device=METER-0042&fault=no-power', agent: 'crm/' };
const CodeQuery = closed({
  page: Type.Union([Type.Literal('customer'), Type.Literal('agent')]),
  lang: Type.Union([Type.Literal('en'), Type.Literal('zh-CN')]),
});
/** Empty cells around a QR code, which scanners need. */
const QUIET_ZONE = 4;

const TOKEN_SECONDS = 4 * 60 * 60;

/** The demo's pages. Their policy is as strict as any, to show that the elements work under it. */
export async function demoRoutes(app: HttpApp, context: HttpContext): Promise<void> {
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

  app.get('/demo/code.svg', { schema: { querystring: CodeQuery } }, async (request, reply) => {
    const { page, lang } = request.query;
    const address = new URL(`${ownAddress(request, context)}/demo/${PAGES[page]}`);
    address.searchParams.set('lang', lang);
    const code = renderSVG(address.href, { ecc: 'M', border: QUIET_ZONE });
    return reply.type('image/svg+xml').header('cache-control', 'no-store').send(code);
  });

  // The page that shows how the elements can look is made from their manifest.
  app.get('/demo/theming/custom-elements.json', async (_request, reply) => {
    const manifest = createReadStream(join(context.browserFolder, '../custom-elements.json'));
    await once(manifest, 'ready');
    return reply.type('application/json').header('cache-control', 'no-cache').send(manifest);
  });

  // A real site's backend would ask for the token with its API token.
  app.post(
    '/demo/room-token',
    { schema: { body: DemoGuest }, config: { rateLimit: { max: 60, timeWindow: '1 minute' } } },
    async ({ body }) => {
      const room = await findDemoRoom(context.database, context.media);
      const guest = { room, subject: randomUUID(), name: body.name.trim(), verified: false };
      const token = await issueRoomToken(context.key, { ...guest, seconds: TOKEN_SECONDS });
      return { token, room };
    },
  );
}
