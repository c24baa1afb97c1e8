import swagger from '@fastify/swagger';
import fastify, { LogController, type FastifyInstance } from 'fastify';
import { packageVersion } from '../command-line/package-folder.ts';
import { agentSessionRoutes } from './routes/agent-sessions.ts';
import { CallbackCounts } from './callback-counts.ts';
import { callRoutes } from './routes/calls.ts';
import { crossOrigin } from './cross-origin.ts';
import { demoRoutes } from './routes/demo-pages.ts';
import { deskRoutes } from './routes/desk-page.ts';
import { embedRoutes } from './routes/embed.ts';
import { replyToBrokenRequest, replyToUnroutable, replyWithErrors } from './errors.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home-page.ts';
import type { HttpContext } from './http-context.ts';
import { imageRoutes } from './routes/images.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { limitRequests } from './rate-limit.ts';
import { roomRoutes } from './routes/rooms.ts';
import { securityHeaders } from './security-headers.ts';
import { SiteOrigins } from '../sites/site-origins.ts';
import { staticRoutes } from './routes/static-files.ts';
import { trtcCallbackRoutes } from './routes/trtc-callbacks.ts';

/** JSON bodies; pictures have their own limit. */
const BODY_BYTES = 64 * 1024;
/** A picture over a slow phone line takes its time. */
const REQUEST_TIMEOUT = 120_000;
/** Of a request or an upgrade; who needs longer for a few lines keeps a connection and says nothing. In ms. */
const HEADERS_TIMEOUT = 10_000;
const LOOKED_AFTER_EVERY = 2_000;

/** Everything that is answered over HTTP; the caller listens, and closes it. */
export async function makeHttpApp(context: HttpContext): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: context.logger,
    // No line for each request: addresses and tokens would pile up there; /metrics counts them.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT,
    http: { headersTimeout: HEADERS_TIMEOUT, connectionsCheckingInterval: LOOKED_AFTER_EVERY },
    trustProxy: context.proxies.trusts,
    forceCloseConnections: 'idle',
    frameworkErrors: replyToUnroutable,
    clientErrorHandler: replyToBrokenRequest,
    ajv: { customOptions: { removeAdditional: false } },
  }) as unknown as FastifyInstance;
  // JSON alone is read; the pictures' routes have parsers of their own.
  app.removeContentTypeParser('text/plain');
  replyWithErrors(app);
  await securityHeaders(app, context);
  await limitRequests(app, context);
  await app.register(swagger, { openapi: openapi(context), hideUntagged: true });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, homeRoutes.notFound);

  const origins = new SiteOrigins(context.database);
  // Not registered but called, so that its hook measures the routes of all others too.
  const counts = new CallbackCounts(context.logger);
  metricsRoutes(app, { ...context, callbacks: () => counts.read() });
  await app.register(healthRoutes, context);
  await app.register(homeRoutes, context);
  await app.register(staticRoutes, context);
  const { trtc } = context.settings;
  if (trtc) await app.register(trtcCallbackRoutes, { ...context, trtc, counts });
  await app.register(deskRoutes, { ...context, origins });
  if (context.settings.demo) await app.register(demoRoutes, context);
  await app.register(
    async (api) => {
      await crossOrigin(api, origins);
      await api.register(embedRoutes, context);
      await api.register(agentSessionRoutes, context);
      await api.register(roomRoutes, context);
      await api.register(callRoutes, context);
      await api.register(imageRoutes, context);
      api.get('/desk-config', async () => ({ crmOrigins: await origins.crm() }));
      api.get('/openapi.json', () => app.swagger());
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

function openapi({ settings }: HttpContext) {
  return {
    info: {
      title: 'rtc-desk',
      version: packageVersion,
      description:
        'For a site’s backend and its CRM. Times are milliseconds since 1970. Every error has a body ' +
        '`{code, message}`; the code is stable, the message is for a developer.',
    },
    ...(settings.publicUrl && { servers: [{ url: settings.publicUrl }] }),
    components: {
      securitySchemes: {
        api: {
          type: 'http' as const,
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'HS256 with the site’s secret; iss: the site’s id, aud: rtc-desk-api, sub: anything, ' +
            'exp: at most 24 hours ahead.',
        },
        chat: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The chat token of a ticket: one person, one room, a short time.',
        },
        session: { type: 'http' as const, scheme: 'bearer', description: 'A sign-in’s token.' },
      },
    },
  };
}
