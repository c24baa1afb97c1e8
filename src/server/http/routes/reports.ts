import { Type } from '@sinclair/typebox';
import { Report, ReportQuery } from '../../../protocol/rest/reports.ts';
import { readReport } from '../../reports/read-report.ts';
import { reportCsv } from '../../reports/report-csv.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** The figures of a site by the hour. A supervisor sees those of the own groups. */
export async function reportRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  requireCaller(app, context);

  app.get(
    '/reports',
    {
      config: { action: 'reports' },
      schema: {
        tags: ['reports'],
        security: CALLER_SECURITY,
        summary: 'Volumes, waits, service level and handling times of a time span',
        querystring: ReportQuery,
        response: { 200: ReportAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { format, ...query } = request.query;
      const caller = callerOf(request);
      const scope = { siteId: caller.siteId, groups: groupsOf(caller) };
      const report = await readReport(database, scope, query);
      if (format !== 'csv') return report;
      const { from, to, by } = query;
      return reply
        .header('content-disposition', `attachment; filename="report-${by}-${from}-${to}.csv"`)
        .type('text/csv; charset=utf-8')
        .send(reportCsv(report));
    },
  );
}

const ReportAnswer = {
  description: 'The report.',
  content: {
    'application/json': { schema: Report },
    'text/csv': { schema: Type.Unsafe<string>({ type: 'string' }) },
  },
};
