import { RatingReport, RatingReportQuery } from '../../../protocol/rest/rating-report.ts';
import { readRatingReport } from '../../reports/read-rating-report.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** How visitors rated their calls. A supervisor sees the ratings of the own groups. */
export async function ratingReportRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  requireCaller(app, context);
  app.get(
    '/reports/ratings',
    {
      config: { action: 'reports' },
      schema: {
        tags: ['reports'],
        security: CALLER_SECURITY,
        summary: 'How many calls were rated, and the average, by group, agent or day',
        querystring: RatingReportQuery,
        response: { 200: RatingReport, ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const scope = { siteId: caller.siteId, groups: groupsOf(caller) };
      return readRatingReport(context.database, scope, request.query);
    },
  );
}
