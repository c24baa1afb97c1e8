import { Type } from '@sinclair/typebox';
import { MAX_FLOW_BYTES } from '../../../protocol/flow-limits.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { FlowToCheck, type FlowFault } from '../../../protocol/rest/flows.ts';
import { closed, Nullable, Slug } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { checkFlow } from '../../flows/check-flow.ts';
import { deleteFlow } from '../../flows/delete-flow.ts';
import { readFlow, readVersionDocument } from '../../flows/flow-store.ts';
import {
  publishFlow,
  readDefaultFlow,
  readReferences,
  rollBackFlow,
  setDefaultFlow,
  type FlowAuthor,
  type Publication,
} from '../../flows/publish-flow.ts';
import { reachOf } from '../../identity/permissions.ts';
import { CALLER_SECURITY, callerOf, changedBy, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { changedMeanwhile, noSuchFlow, requireOwnGroups, revisionOf } from './flows.ts';

const FlowParams = closed({ id: Slug });
const Fault = closed({
  code: Type.String({ description: 'For example exit-unwired.' }),
  node: Nullable(Type.String({ description: 'The id of the step; null: the flow itself.' })),
  params: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});
const Faults = closed({ faults: Type.Array(Fault) });
const Refused = closed({ code: Type.String(), message: Type.String(), faults: Type.Array(Fault) });
const Published = closed({ version: Type.Integer() });
const RollBack = closed({ version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) });
const DefaultFlow = closed({ flow: Nullable(Slug) });

/** Checks, publishes and rolls back flows. Calls under way go on with the version with which they began. */
export async function flowPublishingRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['flows'], security: CALLER_SECURITY };
  requireCaller(app, context);
  const authorOf = (request: Parameters<typeof changedBy>[0]): FlowAuthor => {
    const { actor, address } = changedBy(request, context);
    return { actor, address, name: callerOf(request).name };
  };
  /** The flow that the caller is about to change. */
  const ownFlow = async (request: Parameters<typeof callerOf>[0], id: string) => {
    const caller = callerOf(request);
    const flow = await readFlow(database, caller.siteId, id);
    if (!flow) throw noSuchFlow();
    requireOwnGroups(groupsOf(caller), flow.document);
    return { caller, flow };
  };

  app.post(
    '/flows/:id/check',
    {
      config: { action: 'routing' },
      bodyLimit: MAX_FLOW_BYTES,
      schema: {
        ...common,
        summary: 'What forbids to publish the draft, or the document in the body',
        params: FlowParams,
        body: FlowToCheck,
        response: { 200: Faults, ...errorReplies },
      },
    },
    async (request) => {
      const { siteId } = callerOf(request);
      const flow = await readFlow(database, siteId, request.params.id);
      if (!flow) throw noSuchFlow();
      const document = request.body?.document ?? flow.document;
      return { faults: copied(checkFlow(document, await readReferences(database, siteId))) };
    },
  );

  app.post(
    '/flows/:id/publish',
    {
      config: { action: 'publish' },
      schema: {
        ...common,
        summary: 'Make a version of the draft, with which new calls begin (with If-Match)',
        params: FlowParams,
        response: { 200: Published, 422: Refused, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { caller, flow } = await ownFlow(request, id);
      const revision = revisionOf(readIfMatch(request), flow.revision);
      const author = authorOf(request);
      const done = await database.transaction((tx) =>
        publishFlow(tx, { siteId: caller.siteId, id }, revision, author),
      );
      if (done.outcome === 'faults') {
        const message = 'The draft breaks a publishing rule.';
        const faults = copied(done.faults);
        return reply.status(422).send({ code: 'flow-faults', message, faults });
      }
      return { version: versionOf(done) };
    },
  );

  app.post(
    '/flows/:id/roll-back',
    {
      config: { action: 'publish' },
      schema: {
        ...common,
        summary: 'Let new calls begin with an earlier version (with If-Match)',
        params: FlowParams,
        body: RollBack,
        response: { 200: Published, ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { siteId } = caller;
      const { id } = request.params;
      const { version } = request.body;
      const flow = await readFlow(database, siteId, id);
      const earlier = await readVersionDocument(database, siteId, id, version);
      if (!flow || !earlier) throw noSuchFlow();
      requireOwnGroups(groupsOf(caller), earlier);
      const revision = revisionOf(readIfMatch(request), flow.revision);
      const author = authorOf(request);
      const done = await database.transaction((tx) =>
        rollBackFlow(tx, { siteId, id }, { revision, version }, author),
      );
      return { version: versionOf(done) };
    },
  );

  app.delete(
    '/flows/:id',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary:
          'Delete a flow with its versions (with If-Match). A flow that was published: who may publish',
        params: FlowParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { caller, flow } = await ownFlow(request, id);
      const mayPublish = reachOf(caller.credential, 'publish') !== 'none';
      if (flow.publishedVersion !== null && !mayPublish) {
        throw new RtcDeskError('forbidden', 'You may not delete a published flow.');
      }
      const revision = revisionOf(readIfMatch(request), flow.revision);
      const author = authorOf(request);
      const done = await database.transaction((tx) =>
        deleteFlow(tx, { siteId: caller.siteId, id }, revision, author),
      );
      if (done.outcome === 'changed') throw changedMeanwhile();
      if (done.outcome === 'missing') throw noSuchFlow();
      logAudit(logger, done.receipt);
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/default-flow',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary:
          'With which flow calls begin that name neither a flow nor a skill; null: with none',
        response: { 200: DefaultFlow, ...errorReplies },
      },
    },
    async (request, reply) => {
      const found = await readDefaultFlow(database, callerOf(request).siteId);
      setVersion(reply, found);
      return { flow: found.flow };
    },
  );

  app.put(
    '/default-flow',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary: 'Choose another default flow (with If-Match); null: none',
        body: DefaultFlow,
        response: { 200: DefaultFlow, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { siteId } = callerOf(request);
      const { flow } = request.body;
      const version = readIfMatch(request);
      const author = authorOf(request);
      const done = await database.transaction((tx) =>
        setDefaultFlow(tx, { siteId, id: flow, version }, author),
      );
      if (done === null) throw noSuchFlow();
      logAudit(logger, done);
      setVersion(reply, { flow });
      return { flow };
    },
  );

  function versionOf(done: Publication): number {
    if (done.outcome === 'changed') throw changedMeanwhile();
    if (done.outcome !== 'published') throw noSuchFlow();
    logAudit(logger, done.receipt);
    return done.version;
  }
}

/** As the answer's type wants it. */
function copied(faults: readonly FlowFault[]) {
  return faults.map(({ code, node, params }) => ({ code, node, params: { ...params } }));
}
