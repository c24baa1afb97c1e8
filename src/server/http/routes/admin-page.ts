import { builtPage } from '../built-page.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/**
 * `/admin` and all addresses below it: the console. It finds out by itself which page an address means, so that a reload
 * works. No page of another origin shows it in a frame. The console shows two pages in a frame: the sample page
 * `/admin-preview`, and `/admin-flow-step`, a step of a flow that is tried.
 */
export async function adminRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const page = builtPage(context, 'admin.html');
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
    const framed = builtPage(context, `${name}.html`);
    app.get(`/${name}`, async (request, reply) => {
      setPagePolicy(context, request, reply, {});
      return reply
        .header('cache-control', 'no-cache')
        .type('text/html; charset=utf-8')
        .send(await framed());
    });
  }
}
