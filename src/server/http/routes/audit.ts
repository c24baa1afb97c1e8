import { AuditPage, AuditQuery } from '../../../protocol/rest/audit.ts';
import { listAudit } from '../../audit/list-audit.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** The security log of a site. */
export async function auditRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  requireCaller(app, context);

  app.get(
    '/audit',
    {
      config: { action: 'audit' },
      schema: {
        tags: ['audit'],
        security: CALLER_SECURITY,
        summary: 'Who did what, newest first',
        querystring: AuditQuery,
        response: { 200: AuditPage, ...errorReplies },
      },
    },
    (request) => listAudit(context.database, callerOf(request).siteId, request.query),
  );
}
