import { HandOver } from '../../../protocol/rest/hand-over.ts';
import { readHandOver } from '../../hand-overs/read-hand-over.ts';
import { readBearer } from '../bearer.ts';
import { builtPage } from '../built-page.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/** `/h#code`: a visitor takes the call over on this device. The server never sees the code in the address. */
export async function handOverPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = builtPage(context, 'hand-over.html');
  app.get('/h', async (request, reply) => {
    setPagePolicy(context, request, reply, {});
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}

/** The page reads of which site its code is. The code is the bearer token, so that it stands in no address. */
export async function handOverRoutes(app: HttpApp, { database }: HttpContext): Promise<void> {
  app.get(
    '/hand-over',
    {
      schema: {
        tags: ['call'],
        security: [{ handOver: [] }],
        summary: 'The call that a code of a hand-over opens',
        response: { 200: HandOver, ...errorReplies },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      return readHandOver(database, readBearer(request));
    },
  );
}
