import { SiteSettings, SiteSettingsChange } from '../../../protocol/rest/site-settings.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changeSiteSettings, readSiteSettings } from '../../configuration/site-settings.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { requireCloudCaptions } from '../require-cloud-captions.ts';
import { requireCloudRecordings } from '../require-cloud-recordings.ts';

/** The settings of the site itself. */
export async function siteRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['site'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/site',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary: 'The settings of the site',
        response: { 200: SiteSettings, ...errorReplies },
      },
    },
    async (request, reply) => {
      const settings = await readSiteSettings(database, callerOf(request).siteId);
      setVersion(reply, settings);
      return settings;
    },
  );

  app.patch(
    '/site',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary: 'Change them. What is left out stays as it is',
        body: SiteSettingsChange,
        response: { 200: SiteSettings, ...errorReplies },
      },
    },
    async (request, reply) => {
      requireCloudRecordings(context, request.body.recording);
      requireCloudCaptions(context, request.body.captions);
      const { settings, receipts } = await changeSiteSettings(
        database,
        changedBy(request, context),
        {
          version: readIfMatch(request),
          change: request.body,
        },
      );
      logAudit(logger, ...receipts);
      setVersion(reply, settings);
      return settings;
    },
  );
}
