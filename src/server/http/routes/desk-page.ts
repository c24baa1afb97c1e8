import { Type } from '@sinclair/typebox';
import { closed, Slug } from '../../../protocol/schema.ts';
import { readSite } from '../../sites/read-site.ts';
import { onlySite } from '../../sites/site-origins.ts';
import { builtPage } from '../built-page.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

const DeskParams = closed({ site: Slug });

/**
 * `/desk/<site>`: the agent desk as a page, which the site's CRM may show in a frame. `/desk` leads to the desk of the
 * only site.
 */
export async function deskRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  const page = builtPage(context, 'desk.html');
  // The page has to know whose desk it is: it may sign in only agents of that site.
  app.get('/desk', async (request, reply) => {
    const site = await onlySite(database);
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    return reply.header('cache-control', 'no-store').redirect(`/desk/${site}${query}`);
  });
  app.get('/desk/:site', { schema: { params: DeskParams } }, async (request, reply) => {
    const site = await readSite(database, request.params.site);
    setPagePolicy(context, request, reply, { ancestors: site.crm_origins });
    return reply
      .headers({
        'cache-control': 'no-cache',
        // A CRM that isolates itself shows only frames that agree to it.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}

const ConfigQuery = Type.Object({ site: Type.Optional(Slug) });

/** `/api/v1/desk-config`: what the desk's page reads about its site. Any page may read it, to learn that it is not allowed. */
export async function deskConfigRoutes(app: HttpApp, { database }: HttpContext): Promise<void> {
  app.get('/desk-config', { schema: { querystring: ConfigQuery } }, async ({ query }, reply) => {
    void reply.header('access-control-allow-origin', '*');
    const site = await readSite(database, query.site ?? (await onlySite(database)));
    return { site: site.id, crmOrigins: site.crm_origins };
  });
}
