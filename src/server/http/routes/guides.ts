import fastifyStatic from '@fastify/static';
import { packageFolder } from '../../command-line/package-folder.ts';
import type { HttpApp } from '../http-context.ts';

/** `/docs/…`: the guides as text. What the script writes to the console of a page links to them. */
export async function guideRoutes(app: HttpApp): Promise<void> {
  await app.register(fastifyStatic, {
    root: `${packageFolder}docs`,
    prefix: '/docs/',
    decorateReply: false,
    dotfiles: 'ignore',
    index: false,
    cacheControl: false,
    contentType: false,
    allowedPath: (path) => path.endsWith('.md'),
    setHeaders(response) {
      void response.setHeader('cache-control', 'no-cache');
      void response.setHeader('content-type', 'text/plain; charset=utf-8');
    },
  });
}
