import { Type } from '@sinclair/typebox';
import { MAX_FLOW_BYTES } from '../../../protocol/flow-limits.ts';
import type { Flow } from '../../../protocol/flow.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { RestError } from '../../../protocol/rest/rest-error.ts';
import { closed, described, Slug } from '../../../protocol/schema.ts';
import { compareFlows } from '../../flows/compare-flows.ts';
import {
  FlowDraft,
  FlowPage,
  FlowQuery,
  FlowRecord,
  FlowTrial,
  FlowTrialResult,
  FlowVersionSummary,
} from '../../../protocol/rest/flows.ts';
import {
  groupsOfFlow,
  listFlows,
  listFlowVersions,
  readFlow,
  readVersionDocument,
  saveDraft,
} from '../../flows/flow-store.ts';
import { tryFlow } from '../../flows/try-flow.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const FlowParams = closed({ id: Slug });
const VersionNumber = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const VersionParams = closed({ id: Slug, version: VersionNumber });
const Ids = Type.Array(Type.String());
const Difference = closed({ added: Ids, removed: Ids, changed: Ids });
const CompareQuery = Type.Object({
  from: VersionNumber,
  to: Type.Optional(described(VersionNumber, 'Default: the draft.')),
});

/** Bytes of a flow with the answers of a trial. */
const MAX_TRIAL_BYTES = 2 * MAX_FLOW_BYTES;

/** Service flows: drafts and versions. A document that was read can be written again: that is export and import. */
export async function flowRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  const common = { tags: ['flows'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/flows',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'The flows of the site',
        querystring: FlowQuery,
        response: { 200: FlowPage, ...errorReplies },
      },
    },
    async (request) => {
      const { siteId } = callerOf(request);
      const { items, cursor } = await listFlows(database, siteId, request.query);
      return { flows: [...items], cursor };
    },
  );

  app.get(
    '/flows/:id',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'A flow with its draft',
        params: FlowParams,
        response: { 200: FlowRecord, ...errorReplies },
      },
    },
    async (request, reply) => {
      const flow = await readFlow(database, callerOf(request).siteId, request.params.id);
      if (!flow) throw noSuchFlow();
      void reply.header('etag', `"${flow.revision}"`);
      return flow;
    },
  );

  app.put(
    '/flows/:id',
    {
      config: { action: 'routing' },
      bodyLimit: MAX_FLOW_BYTES,
      schema: {
        ...common,
        summary:
          'Make a flow, or save its draft (then with If-Match). A supervisor: for own groups',
        params: FlowParams,
        body: FlowDraft,
        response: { 200: FlowRecord, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { siteId } = caller;
      const { id } = request.params;
      const { name, document } = request.body;
      if (hasUnstorable(request.body)) {
        throw new RtcDeskError('bad-message', 'A text with control characters.');
      }
      const before = await readFlow(database, siteId, id);
      requireOwnGroups(groupsOf(caller), document);
      if (before) requireOwnGroups(groupsOf(caller), before.document);
      const revision = before ? revisionOf(readIfMatch(request), before.revision) : null;
      const saved = await saveDraft(database, { siteId, id, name, document, revision });
      if (saved === null) throw changedMeanwhile();
      void reply.header('etag', `"${saved}"`);
      return (await readFlow(database, siteId, id))!;
    },
  );

  app.get(
    '/flows/:id/versions',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'What was published, the newest first',
        params: FlowParams,
        response: { 200: closed({ versions: Type.Array(FlowVersionSummary) }), ...errorReplies },
      },
    },
    async (request) => {
      const { siteId } = callerOf(request);
      if (!(await readFlow(database, siteId, request.params.id))) throw noSuchFlow();
      return { versions: await listFlowVersions(database, siteId, request.params.id) };
    },
  );

  const readDocument = async (siteId: string, id: string, version?: number): Promise<Flow> => {
    const document =
      version === undefined
        ? (await readFlow(database, siteId, id))?.document
        : await readVersionDocument(database, siteId, id, version);
    if (!document) throw noSuchFlow();
    return document;
  };

  app.get(
    '/flows/:id/versions/:version',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'The document of a version',
        params: VersionParams,
        response: { 200: Type.Unknown(), ...errorReplies },
      },
    },
    (request) => {
      const { id, version } = request.params;
      return readDocument(callerOf(request).siteId, id, version);
    },
  );

  app.get(
    '/flows/:id/compare',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'Which steps differ between two versions',
        params: FlowParams,
        querystring: CompareQuery,
        response: { 200: Difference, ...errorReplies },
      },
    },
    async (request) => {
      const { siteId } = callerOf(request);
      const { id } = request.params;
      const { from, to } = request.query;
      const before = await readDocument(siteId, id, from);
      const { added, removed, changed } = compareFlows(before, await readDocument(siteId, id, to));
      return { added: [...added], removed: [...removed], changed: [...changed] };
    },
  );

  app.post(
    '/flows/:id/try',
    {
      config: { action: 'routing' },
      bodyLimit: MAX_TRIAL_BYTES,
      schema: {
        ...common,
        summary:
          'Walk the draft, or another document, as a visitor would. Makes no call and sends nothing',
        params: FlowParams,
        body: FlowTrial,
        response: { 200: FlowTrialResult, ...errorReplies },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { siteId } = caller;
      const flow = await readFlow(database, siteId, request.params.id);
      if (!flow) throw noSuchFlow();
      const { document = flow.document, ...trial } = request.body;
      requireOwnGroups(groupsOf(caller), document);
      return tryFlow(database, siteId, document, trial);
    },
  );
}

export function noSuchFlow(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such flow or version.');
}

export function changedMeanwhile(): RestError {
  return new RestError(
    'precondition-failed',
    'Somebody else has changed it since you read it. Nothing was written.',
  );
}

/** The revision that If-Match names; `*` names the one that the flow has now. */
export function revisionOf(version: string, now: number): number {
  if (version === '*') return now;
  // No flow has the revision 0.
  return /^\d{1,9}$/.test(version) ? Number(version) : 0;
}

/** A supervisor edits flows that lead to own groups only. `groups` null: every group. */
export function requireOwnGroups(groups: readonly string[] | null, flow: Flow): void {
  if (groups === null || groupsOfFlow(flow).every((id) => groups.includes(id))) return;
  throw new RtcDeskError('forbidden', 'The flow leads to other groups than your own.');
}

/** Whether a text holds a NUL or half of a surrogate pair, which JSON writes as an escape. */
function hasUnstorable(value: object): boolean {
  return /\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value));
}
