import { Type } from '@sinclair/typebox';
import { RetentionPeriods } from '../../../protocol/rest/retention.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changeRetention, readRetention } from '../../retention/retention-periods.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** How long a site keeps its data. */
export async function retentionRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
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
    async (request, reply) => {
      const periods = await readRetention(database, callerOf(request).siteId);
      setVersion(reply, periods);
      return periods;
    },
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
    async (request, reply) => {
      const by = changedBy(request, context);
      const change = { version: readIfMatch(request), periods: request.body };
      logAudit(logger, ...(await changeRetention(database, by, change)));
      const periods = await readRetention(database, by.siteId);
      setVersion(reply, periods);
      return periods;
    },
  );
}
