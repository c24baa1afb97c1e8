import { RtcDeskError } from '../../../protocol/errors.ts';
import { CallSearchPage, CallSearchQuery } from '../../../protocol/rest/call-search.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { isReading } from '../../audit/recent-reading.ts';
import { writeAudit, type AuditReceipt } from '../../audit/write-audit.ts';
import { searchCalls } from '../../calls/search-calls.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { auditedReader } from '../read-audited.ts';

const FOUND_PER_PAGE = 20;

/** The search in conversations. It finds nothing outside of what the caller may read. */
export async function callSearchRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { logger, proxies } = context;
  const missing = () => new RtcDeskError('not-found', 'Nothing was searched.');
  const readAudited = auditedReader(context, missing);
  requireCaller(app, context);

  app.get(
    '/calls/search',
    {
      config: { action: 'records' },
      schema: {
        tags: ['calls'],
        security: CALLER_SECURITY,
        summary: 'Search in what was written, said and noted. The security log tells of each call',
        querystring: CallSearchQuery,
        response: { 200: CallSearchPage, ...errorReplies },
      },
    },
    async (request) => {
      const { limit = FOUND_PER_PAGE, cursor, ...search } = request.query;
      const { siteId, actor } = callerOf(request);
      const address = proxies.clientAddress(request.raw);
      const receipts: AuditReceipt[] = [];
      const page = await readAudited(request, { after: { search } }, async (tx) => {
        const found = await searchCalls(tx, scopeOf(request), search, { limit, cursor });
        // A found line is a part of a conversation that somebody has read: the privacy ledger of the call tells of it.
        for (const { call } of found.items) {
          const what = { subject: `call:${call.id}`, after: { transcript: true } };
          if (await isReading(tx, siteId, actor, what)) continue;
          const entry = { site: siteId, type: 'record-read', actor, address, ...what } as const;
          receipts.push(await writeAudit(tx, entry));
        }
        return found;
      });
      for (const receipt of receipts) logAudit(logger, receipt);
      return page;
    },
  );
}
