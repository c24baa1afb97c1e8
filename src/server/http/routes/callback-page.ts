import { builtPage } from '../built-page.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/** `/c#code`: a visitor comes back for a callback. The server never sees the code in the address. */
export async function callbackPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = builtPage(context, 'callback.html');
  app.get('/c', async (request, reply) => {
    setPagePolicy(context, request, reply, {});
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}
