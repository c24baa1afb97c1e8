import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  NewSkillGroup,
  SkillGroup,
  SkillGroupChange,
  SkillGroupMembers,
  SkillGroupMembersChange,
  SkillGroupPage,
  SkillGroupQuery,
} from '../../../protocol/rest/skill-groups.ts';
import { closed, Slug } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changeMembers, memberLevels, readMembers } from '../../configuration/group-members.ts';
import {
  changeSkillGroup,
  deleteSkillGroup,
  groupSettings,
  listSkillGroups,
  makeSkillGroup,
  readSkillGroup,
} from '../../configuration/skill-groups.ts';
import { reachOf } from '../../identity/permissions.ts';
import { CALLER_SECURITY, callerOf, changedBy, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { requireCloudRecordings } from '../require-cloud-recordings.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';

const GroupParams = closed({ id: Slug });
/** For the members of the largest groups. */
const MEMBERS_BODY_BYTES = 1024 * 1024;

/** The skill groups of a site, and their members. */
export async function skillGroupRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['groups'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);

  app.get(
    '/groups',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'Skill groups; agents and supervisors see their own',
        querystring: SkillGroupQuery,
        response: { 200: SkillGroupPage, ...errorReplies },
      },
    },
    (request) => {
      const caller = callerOf(request);
      return listSkillGroups(database, caller.siteId, groupsOf(caller), request.query);
    },
  );

  app.post(
    '/groups',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary: 'Make a skill group',
        body: NewSkillGroup,
        response: { 201: SkillGroup, ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = changedBy(request, context);
      const { group, receipts } = await makeSkillGroup(database, by, request.body);
      logAudit(logger, ...receipts);
      setVersion(reply, groupSettings(group));
      return reply.status(201).send(group);
    },
  );

  app.get(
    '/groups/:id',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'A skill group',
        params: GroupParams,
        response: { 200: SkillGroup, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const group = await readSkillGroup(database, caller.siteId, groupsOf(caller), id);
      setVersion(reply, groupSettings(group));
      return group;
    },
  );

  app.patch(
    '/groups/:id',
    {
      config: { action: 'routing' },
      schema: {
        ...common,
        summary: 'Change a skill group. What is left out stays as it is',
        params: GroupParams,
        body: SkillGroupChange,
        response: { 200: SkillGroup, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      await readSkillGroup(database, caller.siteId, groupsOf(caller), id);
      // What is recorded is a setting of the site, also where a group has its own.
      const recorded = request.body.recording !== undefined;
      if (recorded && reachOf(caller.credential, 'settings') === 'none') {
        throw new RtcDeskError('forbidden', 'You may not change what is recorded.');
      }
      requireCloudRecordings(context, request.body.recording);
      const { group, receipts } = await changeSkillGroup(database, changedBy(request, context), {
        id,
        version: readIfMatch(request),
        change: request.body,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, groupSettings(group));
      return group;
    },
  );

  app.delete(
    '/groups/:id',
    {
      config: { action: 'settings' },
      schema: {
        ...common,
        summary: 'Delete a skill group that no call refers to',
        params: GroupParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const version = readIfMatch(request);
      const { id } = request.params;
      const by = changedBy(request, context);
      logAudit(logger, ...(await deleteSkillGroup(database, by, { id, version })));
      return reply.status(204).send(null);
    },
  );

  app.get(
    '/groups/:id/members',
    {
      config: { action: 'agents-read' },
      schema: {
        ...common,
        summary: 'The members of a skill group',
        params: GroupParams,
        response: { 200: SkillGroupMembers, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const members = await readMembers(database, caller.siteId, groupsOf(caller), id);
      setVersion(reply, memberLevels(members));
      return members;
    },
  );

  app.put(
    '/groups/:id/members',
    {
      config: { action: 'agents' },
      bodyLimit: MEMBERS_BODY_BYTES,
      schema: {
        ...common,
        summary: 'Set who the members of a skill group are',
        params: GroupParams,
        body: SkillGroupMembersChange,
        response: { 200: SkillGroupMembers, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { members, receipts } = await changeMembers(database, changedBy(request, context), {
        id: request.params.id,
        version: readIfMatch(request),
        members: request.body.members,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, memberLevels(members));
      return members;
    },
  );
}
