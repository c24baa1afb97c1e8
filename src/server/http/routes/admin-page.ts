import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';
import { readOnce } from '../read-once.ts';

/**
 * `/admin` and all addresses below it: the console. It finds out by itself which page an address means, so that a reload
 * works. No page of another origin shows it in a frame. The console shows two pages in a frame: the sample page
 * `/admin-preview`, and `/admin-flow-step`, a step of a flow that is tried.
 */
export async function adminRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = readOnce(() => readPage(join(context.browserFolder, 'admin.html')));
  for (const address of ['/admin', '/admin/*']) {
    app.get(address, async (request, reply) => {
      setPagePolicy(context, request, reply, { frames: true });
      return reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(await page());
    });
  }
  for (const name of ['admin-preview', 'admin-flow-step']) {
    const framed = readOnce(() => readPage(join(context.browserFolder, `${name}.html`)));
    app.get(`/${name}`, async (request, reply) => {
      setPagePolicy(context, request, reply, {});
      return reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(await framed());
    });
  }
}

async function readPage(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RtcDeskError('not-found', 'The console has not been built: npm run build.', {
      cause: error,
    });
  }
}
