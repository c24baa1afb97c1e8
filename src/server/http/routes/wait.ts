import { closed, Slug } from '../../../protocol/schema.ts';
import { Wait, WaitQuery } from '../../../protocol/rest/wait.ts';
import { readWait } from '../../flows/read-wait.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { ShortCache } from '../short-cache.ts';

const CACHE_SECONDS = 5;

/** What a button with `show-wait` asks before the press. Everybody may ask. */
export async function waitRoutes(app: HttpApp, { database }: HttpContext): Promise<void> {
  const waits = new ShortCache<Wait>(CACHE_SECONDS);
  app.get(
    '/sites/:site/wait',
    {
      schema: {
        tags: ['embedding'],
        summary: 'The likely wait, and until when it is open or closed, before the press',
        params: closed({ site: Slug }),
        querystring: WaitQuery,
        response: { 200: Wait, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { site } = request.params;
      const { skill, flow } = request.query;
      const key = JSON.stringify([site, skill, skill === undefined ? flow : undefined]);
      const wait = await waits.get(key, () => readWait(database, site, request.query));
      void reply.header('cache-control', `public, max-age=${CACHE_SECONDS}`);
      return wait;
    },
  );
}
