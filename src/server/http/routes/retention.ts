import { Type } from '@sinclair/typebox';
import { logAudit } from '../../audit/log-audit.ts';
import {
  changeRetention,
  readRetention,
  RetentionPeriods,
} from '../../retention/retention-periods.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** How long a site keeps its data. */
export async function retentionRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = { tags: ['retention and erasure'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/retention',
    {
      config: { action: 'retention' },
      schema: {
        ...common,
        summary: 'How many days the site keeps each kind of data',
        response: { 200: RetentionPeriods, ...errorReplies },
      },
    },
    (request) => readRetention(database, callerOf(request).siteId),
  );

  app.patch(
    '/retention',
    {
      config: { action: 'retention' },
      schema: {
        ...common,
        summary:
          'Change it. What is left out stays as it is. Older data are deleted within minutes',
        body: Type.Partial(RetentionPeriods),
        response: { 200: RetentionPeriods, ...errorReplies },
      },
    },
    async (request) => {
      const { siteId, actor } = callerOf(request);
      const address = proxies.clientAddress(request.raw);
      const by = { actor, address };
      logAudit(logger, await changeRetention(database, siteId, request.body, by));
      return readRetention(database, siteId);
    },
  );
}
