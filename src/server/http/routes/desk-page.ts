import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';
import type { SiteOrigins } from '../../sites/site-origins.ts';

/** `/desk`: the agent desk as a page, which the sites' CRMs may show in a frame. */
export async function deskRoutes(
  app: FastifyInstance,
  context: HttpContext & { readonly origins: SiteOrigins },
): Promise<void> {
  app.get('/desk', async (request, reply) => {
    const page = await readPage(join(context.browserFolder, 'desk.html'));
    setPagePolicy(context, request, reply, { ancestors: await context.origins.crm() });
    return reply
      .headers({
        'cache-control': 'no-cache',
        // For CRMs that isolate themselves: their frames have to agree to stand there.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .type('text/html; charset=utf-8')
      .send(page);
  });
}

async function readPage(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RtcDeskError('not-found', 'The desk has not been built: npm run build.', {
      cause: error,
    });
  }
}
