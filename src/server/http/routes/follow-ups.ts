import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed, described, Uuid } from '../../../protocol/schema.ts';
import { FollowUp, handleFollowUp, listFollowUps } from '../../flows/follow-ups.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const Query = Type.Object({
  all: Type.Optional(
    Type.Boolean({ default: false, description: 'Also those that were handled.' }),
  ),
  after: Type.Optional(described(Uuid, 'The last one of the page before.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
const Params = closed({ id: Uuid });
const Change = closed({ handled: Type.Boolean() });

/** Messages and requests for a callback that visitors left in a flow. Agents see those of their groups. */
export async function followUpRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  const common = { tags: ['flows'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/follow-ups',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Messages and callbacks that wait for an answer, the newest first',
        querystring: Query,
        response: { 200: closed({ followUps: Type.Array(FollowUp) }), ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { all = false, after = null, limit = 50 } = request.query;
      const groups = groupsOf(caller);
      const { siteId } = caller;
      return { followUps: await listFollowUps(database, { siteId, groups, all, after, limit }) };
    },
  );

  app.patch(
    '/follow-ups/:id',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Note that somebody has answered, or take that back',
        params: Params,
        body: Change,
        response: { 200: FollowUp, ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { siteId, name: by } = caller;
      const { id } = request.params;
      const groups = groupsOf(caller);
      const { handled } = request.body;
      const changed = await handleFollowUp(database, { siteId, groups }, { id, handled, by });
      if (!changed) throw new RtcDeskError('not-found', 'You have no such message or callback.');
      return changed;
    },
  );
}
