import { StepReport, StepReportQuery } from '../../../protocol/rest/step-report.ts';
import { readStepReport } from '../../reports/read-step-report.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** How long calls took from the press to the first picture. A supervisor sees the calls of the own groups. */
export async function stepReportRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  requireCaller(app, context);
  app.get(
    '/reports/steps',
    {
      config: { action: 'reports' },
      schema: {
        tags: ['reports'],
        security: CALLER_SECURITY,
        summary: 'The steps from the press to the first picture: percentiles, and a distribution',
        querystring: StepReportQuery,
        response: { 200: StepReport, ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const scope = { siteId: caller.siteId, groups: groupsOf(caller) };
      return readStepReport(context.database, scope, request.query);
    },
  );
}
