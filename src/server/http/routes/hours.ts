import { Type } from '@sinclair/typebox';
import {
  Hours,
  HoursChange,
  HoursPage,
  HoursQuery,
  NewHours,
  OpenState,
} from '../../../protocol/rest/hours.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed, Slug } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import {
  changeHours,
  deleteHours,
  hoursSettings,
  listHours,
  makeHours,
  readHours,
  readOpenState,
} from '../../configuration/hours.ts';
import { CALLER_SECURITY, callerOf, changedBy, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';

const HoursParams = closed({ id: Slug });
/** The last moment of the year 9999. */
const MAX_TIME_MS = Date.UTC(10_000, 0, 1) - 1;
const OpenStateQuery = Type.Object({
  at: Type.Optional(
    Type.Integer({ minimum: 0, maximum: MAX_TIME_MS, description: 'Ms since 1970. Default: now.' }),
  ),
});

/** Opening hours: named weekly tables with exceptions. */
export async function hoursRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['hours'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);
  /** Hours that no group uses yet belong to the whole site. */
  const requireSite = (request: { readonly raw: object }): void => {
    if (callerOf(request).reach === 'site') return;
    throw new RtcDeskError('forbidden', 'You may change the hours of your own groups only.');
  };

  app.get(
    '/hours',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'All hours of the site',
        querystring: HoursQuery,
        response: { 200: HoursPage, ...errorReplies },
      },
    },
    (request) => listHours(database, callerOf(request).siteId, request.query),
  );

  app.post(
    '/hours',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'Make hours',
        body: NewHours,
        response: { 201: Hours, ...errorReplies },
      },
    },
    async (request, reply) => {
      requireSite(request);
      const by = changedBy(request, context);
      const { hours, receipts } = await makeHours(database, by, request.body);
      logAudit(logger, ...receipts);
      setVersion(reply, hoursSettings(hours));
      return reply.status(201).send(hours);
    },
  );

  app.get(
    '/hours/:id',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'Hours',
        params: HoursParams,
        response: { 200: Hours, ...errorReplies },
      },
    },
    async (request, reply) => {
      const hours = await readHours(database, callerOf(request).siteId, request.params.id);
      setVersion(reply, hoursSettings(hours));
      return hours;
    },
  );

  app.patch(
    '/hours/:id',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'Change hours. A supervisor may where only own groups use them',
        params: HoursParams,
        body: HoursChange,
        response: { 200: Hours, ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = { ...changedBy(request, context), groups: groupsOf(callerOf(request)) };
      const { hours, receipts } = await changeHours(database, by, {
        id: request.params.id,
        version: readIfMatch(request),
        change: request.body,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, hoursSettings(hours));
      return hours;
    },
  );

  app.delete(
    '/hours/:id',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'Delete hours that no group uses',
        params: HoursParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      requireSite(request);
      const version = readIfMatch(request);
      const { id } = request.params;
      const by = changedBy(request, context);
      logAudit(logger, ...(await deleteHours(database, by, { id, version })));
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/hours/:id/state',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'Whether hours are open at a time',
        params: HoursParams,
        querystring: OpenStateQuery,
        response: { 200: OpenState, ...errorReplies },
      },
    },
    (request) => {
      const { at = Date.now() } = request.query;
      return readOpenState(database, callerOf(request).siteId, request.params.id, at);
    },
  );
}
