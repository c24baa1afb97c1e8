import { DeviceTestSetup } from '../../../protocol/rest/device-test.ts';
import { closed, Slug } from '../../../protocol/schema.ts';
import { iceServers } from '../../rooms/ice-servers.ts';
import { participantId } from '../../rooms/participant-id.ts';
import { mediaOf } from '../../rooms/room-media.ts';
import { makeTrtcTestRoom } from '../../rooms/trtc-test-room.ts';
import { readSite } from '../../sites/read-site.ts';
import { onlySite } from '../../sites/site-origins.ts';
import { builtPage } from '../built-page.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { setPagePolicy } from '../page-policy.ts';

/** Tests in ten minutes from one address: anybody may ask, and each answer opens the relays for a while. */
const LIMIT = { rateLimit: { max: 10, timeWindow: '10 minutes' } };
const CREDENTIALS_MS = 10 * 60_000;
const SiteParams = closed({ site: Slug });

/** `/test/<site>`: the device and network test as a page. `/test` leads to that of the only site. */
export async function deviceTestPageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  const page = builtPage(context, 'test.html');
  app.get('/test', async (request, reply) => {
    const site = await onlySite(database);
    const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?')) : '';
    return reply.header('cache-control', 'no-store').redirect(`/test/${site}${query}`);
  });
  app.get('/test/:site', { schema: { params: SiteParams } }, async (request, reply) => {
    const site = await readSite(database, request.params.site);
    setPagePolicy(context, request, reply, { ancestors: [...site.origins, ...site.crm_origins] });
    return reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(await page());
  });
}

/** What a device and network test needs. It is for everybody, like the button. */
export async function deviceTestRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, settings, media } = context;
  app.post(
    '/sites/:site/device-test',
    {
      config: LIMIT,
      schema: {
        tags: ['device test'],
        summary:
          'Credentials for the relays, and for a room of TRTC, for a device and network test',
        params: SiteParams,
        response: { 200: DeviceTestSetup, ...errorReplies },
      },
    },
    async (request, reply) => {
      const site = await readSite(database, request.params.site);
      void reply.header('cache-control', 'no-store');
      const provider = mediaOf(site.media, media);
      const pays = provider === 'trtc' && site.device_test_room && settings.trtc;
      return {
        iceServers: iceServers(settings.turn, participantId(), Date.now() + CREDENTIALS_MS),
        media: provider,
        trtcRoom: pays ? makeTrtcTestRoom(pays, CREDENTIALS_MS) : null,
      };
    },
  );
}
