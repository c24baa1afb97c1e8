import { Type } from '@sinclair/typebox';
import { logAudit } from '../../audit/log-audit.ts';
import {
  changeRetention,
  readRetention,
  RetentionPeriods,
} from '../../retention/retention-periods.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { ownerOf, requireOwner } from '../owner.ts';

/** How long a site keeps its data. */
export async function retentionRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = { tags: ['retention and erasure'], security: [{ api: [] }, { session: [] }] };
  requireOwner(app, context);

  app.get(
    '/retention',
    {
      schema: {
        ...common,
        summary: 'How many days the site keeps each kind of data',
        response: { 200: RetentionPeriods, ...errorReplies },
      },
    },
    (request) => readRetention(database, ownerOf(request).siteId),
  );

  app.patch(
    '/retention',
    {
      schema: {
        ...common,
        summary:
          'Change it. What is left out stays as it is. Older data are deleted within minutes',
        body: Type.Partial(RetentionPeriods),
        response: { 200: RetentionPeriods, ...errorReplies },
      },
    },
    async (request) => {
      const { siteId, actor } = ownerOf(request);
      const address = proxies.clientAddress(request.raw);
      const by = { actor, address };
      logAudit(logger, await changeRetention(database, siteId, request.body, by));
      return readRetention(database, siteId);
    },
  );
}
