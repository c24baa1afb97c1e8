import { builtPage } from '../built-page.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/** `/my-call#code`: a visitor looks at a call that is over. The server never sees the code in the address. */
export async function ownCallPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = builtPage(context, 'my-call.html');
  app.get('/my-call', async (request, reply) => {
    setPagePolicy(context, request, reply, {});
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}
