import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';
import { readOnce } from '../read-once.ts';

/** `/c#code`: a visitor comes back for a callback. The server never sees the code in the address. */
export async function callbackPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = readOnce(() => readPage(join(context.browserFolder, 'callback.html')));
  app.get('/c', async (request, reply) => {
    setPagePolicy(context, request, reply, {});
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}

async function readPage(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new RtcDeskError('not-found', 'The page has not been built: npm run build.', {
      cause: error,
    });
  }
}
