import swagger from '@fastify/swagger';
import fastify, { LogController } from 'fastify';
import { packageVersion } from '../command-line/package-folder.ts';
import { crossOrigin } from './cross-origin.ts';
import {
  replyNotFound,
  replyToBrokenRequest,
  replyToUnroutable,
  replyWithErrors,
} from './errors.ts';
import type { HttpApp, HttpContext } from './http-context.ts';
import { limitRequests } from './rate-limit.ts';
import { adminRoutes } from './routes/admin-page.ts';
import { agentAccountRoutes } from './routes/agent-account.ts';
import { agentSessionRoutes } from './routes/agent-sessions.ts';
import { consoleSessionRoutes } from './routes/console-session.ts';
import { passwordLinkRoutes } from './routes/password-links.ts';
import { callSearchRoutes } from './routes/call-search.ts';
import { callRoutes } from './routes/calls.ts';
import { caseFileRoutes } from './routes/case-files.ts';
import { demoRoutes } from './routes/demo-pages.ts';
import { deskConfigRoutes, deskRoutes } from './routes/desk-page.ts';
import { embedRoutes } from './routes/embed.ts';
import { erasureKeyRoutes, erasureRoutes } from './routes/erasures.ts';
import { flowPublishingRoutes } from './routes/flow-publishing.ts';
import { flowRoutes } from './routes/flows.ts';
import { followUpRoutes } from './routes/follow-ups.ts';
import { guideRoutes } from './routes/guides.ts';
import { handOverRoutes } from './routes/hand-over.ts';
import { healthRoutes } from './routes/health.ts';
import { homeRoutes } from './routes/home-page.ts';
import { imageRoutes } from './routes/images.ts';
import { legalHoldRoutes } from './routes/legal-holds.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { ownCallRoutes } from './routes/own-call.ts';
import { ownCallbackRoutes } from './routes/own-callback.ts';
import { stepReportRoutes } from './routes/step-report.ts';
import { ratingReportRoutes } from './routes/rating-report.ts';
import { reportRoutes } from './routes/reports.ts';
import { retentionRoutes } from './routes/retention.ts';
import { playedRecordingRoutes, recordingKeyRoutes, recordingRoutes } from './routes/recordings.ts';
import { recordingUploadRoutes } from './routes/recording-uploads.ts';
import { roomRoutes } from './routes/rooms.ts';
import { sharedLinkRoutes, sharedRoutes } from './routes/shared-links.ts';
import { signingKeyRoutes } from './routes/signing-keys.ts';
import { agentRoutes } from './routes/agents.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { auditRoutes } from './routes/audit.ts';
import { cannedReplyRoutes } from './routes/canned-replies.ts';
import { cannedReplyPictureRoutes } from './routes/canned-reply-pictures.ts';
import { deviceTestPageRoutes, deviceTestRoutes } from './routes/device-test.ts';
import { dispositionRoutes } from './routes/dispositions.ts';
import { hoursRoutes } from './routes/hours.ts';
import { siteRoutes } from './routes/site.ts';
import { skillGroupRoutes } from './routes/skill-groups.ts';
import { configurationRoutes } from './routes/configuration.ts';
import { staticRoutes } from './routes/static-files.ts';
import { visitorPageRoutes } from './routes/visitor-pages.ts';
import { waitRoutes } from './routes/wait.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { trtcCallbackRoutes } from './routes/trtc-callbacks.ts';
import { securityHeaders } from './security-headers.ts';

/** Of JSON bodies. Pictures have their own limit. */
const MAX_BODY_BYTES = 64 * 1024;
/** Long enough for a picture over a slow mobile network. */
const REQUEST_TIMEOUT_MS = 120_000;
/** For the headers of a request or an upgrade. A slower client only occupies a connection. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node looks for connections past these timeouts. */
const TIMEOUT_CHECK_MS = 2_000;

/** Everything that is answered over HTTP. The caller listens with it and closes it. */
export async function makeHttpApp(context: HttpContext): Promise<HttpApp> {
  const app = fastify({
    loggerInstance: context.logger,
    // No log line for each request: addresses and tokens would collect there. /metrics counts requests.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    trustProxy: context.proxies.trusts,
    forceCloseConnections: 'idle',
    frameworkErrors: replyToUnroutable,
    clientErrorHandler: replyToBrokenRequest,
    // A body with unknown properties is refused, not changed.
    // A report's figure is a number or a text, and stays what it is.
    ajv: { customOptions: { removeAdditional: false, allowUnionTypes: true } },
  }) as unknown as HttpApp;
  // Only JSON is parsed. The routes of pictures have parsers of their own.
  app.removeContentTypeParser('text/plain');
  replyWithErrors(app);
  await securityHeaders(app, context);
  await limitRequests(app, context);
  await app.register(swagger, { openapi: openapi(context), hideUntagged: true });
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, replyNotFound);

  // Called, not registered, so that its hook measures the routes of all plugins.
  metricsRoutes(app, context);
  await app.register(healthRoutes, context);
  await app.register(homeRoutes, context);
  await app.register(staticRoutes, context);
  await app.register(guideRoutes);
  const { trtc, demo } = context.settings;
  if (trtc) await app.register(trtcCallbackRoutes, { ...context, trtc });
  await app.register(deskRoutes, context);
  await app.register(visitorPageRoutes, context);
  await app.register(deviceTestPageRoutes, context);
  await app.register(adminRoutes, context);
  if (demo) await app.register(demoRoutes, context);
  await app.register(
    async (api: HttpApp) => {
      await crossOrigin(api, context.database);
      await api.register(embedRoutes, context);
      await api.register(waitRoutes, context);
      await api.register(agentSessionRoutes, context);
      await api.register(agentAccountRoutes, context);
      await api.register(consoleSessionRoutes, context);
      await api.register(passwordLinkRoutes, context);
      await api.register(roomRoutes, context);
      await api.register(callRoutes, context);
      await api.register(callSearchRoutes, context);
      await api.register(imageRoutes, context);
      await api.register(recordingUploadRoutes, context);
      await api.register(recordingRoutes, context);
      await api.register(playedRecordingRoutes, context);
      await api.register(recordingKeyRoutes, context);
      await api.register(caseFileRoutes, context);
      await api.register(signingKeyRoutes, context);
      await api.register(sharedLinkRoutes, context);
      await api.register(sharedRoutes, context);
      await api.register(deskConfigRoutes, context);
      await api.register(deviceTestRoutes, context);
      await api.register(reportRoutes, context);
      await api.register(ratingReportRoutes, context);
      await api.register(stepReportRoutes, context);
      await api.register(retentionRoutes, context);
      await api.register(erasureRoutes, context);
      await api.register(legalHoldRoutes, context);
      await api.register(erasureKeyRoutes, context);
      await api.register(agentRoutes, context);
      await api.register(apiKeyRoutes, context);
      await api.register(auditRoutes, context);
      await api.register(cannedReplyRoutes, context);
      await api.register(cannedReplyPictureRoutes, context);
      await api.register(dispositionRoutes, context);
      await api.register(hoursRoutes, context);
      await api.register(flowRoutes, context);
      await api.register(flowPublishingRoutes, context);
      await api.register(followUpRoutes, context);
      await api.register(ownCallbackRoutes, context);
      await api.register(ownCallRoutes, context);
      await api.register(handOverRoutes, context);
      await api.register(siteRoutes, context);
      await api.register(skillGroupRoutes, context);
      await api.register(configurationRoutes, context);
      await api.register(webhookRoutes, context);
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
        '`{code, message}`. The code is stable; the message is for a developer.',
    },
    ...(settings.publicUrl && { servers: [{ url: settings.publicUrl }] }),
    components: {
      securitySchemes: {
        api: {
          type: 'http' as const,
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'HS256 with the site’s secret. iss: the site’s id, aud: rtc-desk-api, sub: anything, ' +
            'exp: at most 24 hours ahead.',
        },
        chat: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The chat token of a ticket: one person, one room, a short time.',
        },
        callback: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The code with which a visitor comes back for a callback.',
        },
        ownCall: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The key of a visitor’s own call, or the code of the page `/my-call`.',
        },
        sharedLink: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The code of a link to a recording or a case file.',
        },
        handOver: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The code with which another device takes a visitor’s call.',
        },
        session: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'The token of a sign-in.',
        },
        apiKey: {
          type: 'http' as const,
          scheme: 'bearer',
          description: 'An API key (rtcd_…) with the scope that the route needs.',
        },
        console: {
          type: 'apiKey' as const,
          in: 'cookie' as const,
          name: '__Host-rtc-desk-console',
          description: 'The console’s own sign-in, from its own pages only.',
        },
      },
    },
  };
}
