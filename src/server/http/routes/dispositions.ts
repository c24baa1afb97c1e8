import { Dispositions } from '../../../protocol/rest/dispositions.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changeDispositions, readDispositions } from '../../configuration/dispositions.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** The tree fits here with the longest labels. */
const BODY_BYTES = 1024 * 1024;

/** The outcomes from which agents choose. */
export async function dispositionRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['dispositions'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/dispositions',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'The tree of dispositions',
        response: { 200: Dispositions, ...errorReplies },
      },
    },
    async (request, reply) => {
      const tree = await readDispositions(database, callerOf(request).siteId);
      setVersion(reply, tree);
      return tree;
    },
  );

  app.put(
    '/dispositions',
    {
      config: { action: 'settings' },
      bodyLimit: BODY_BYTES,
      schema: {
        ...common,
        summary: 'Write the whole tree. Codes that it does not name are deleted',
        body: Dispositions,
        response: { 200: Dispositions, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { tree, receipts } = await changeDispositions(database, changedBy(request, context), {
        version: readIfMatch(request),
        tree: request.body,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, tree);
      return tree;
    },
  );
}
