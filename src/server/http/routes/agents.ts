import { Type } from '@sinclair/typebox';
import {
  AgentAccount,
  AgentChange,
  AgentPage,
  AgentQuery,
  MadeAgent,
  NewAgent,
  PasswordLink,
  PasswordLinkOrder,
} from '../../../protocol/rest/agents.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import {
  agentSettings,
  listAgentAccounts,
  readAgentAccount,
} from '../../configuration/agent-accounts.ts';
import {
  changeAgent,
  makeAgent,
  orderPasswordLink,
  removeAgentSecondFactor,
  type LinkCode,
} from '../../configuration/change-agent.ts';
import { CALLER_SECURITY, callerOf, changedBy, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';
import { ownAddress } from '../own-address.ts';

const AgentParams = closed({ id: Uuid });

/** The agents of a site: their names, roles, groups and first passwords. */
export async function agentRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['agents'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);
  const linkOf = (
    request: { readonly host: string; readonly protocol: string },
    made: LinkCode,
  ) => ({
    link: `${ownAddress(request, context)}/admin/password#${made.code}`,
    expiresAt: made.expiresAt,
  });

  app.get(
    '/agents',
    {
      config: { action: 'agents-read' },
      schema: {
        ...common,
        summary: 'Agents; a supervisor sees those of the own groups',
        querystring: AgentQuery,
        response: { 200: AgentPage, ...errorReplies },
      },
    },
    (request) => {
      const caller = callerOf(request);
      return listAgentAccounts(database, caller.siteId, groupsOf(caller), request.query);
    },
  );

  app.post(
    '/agents',
    {
      config: { action: 'agents', answersSecret: true },
      schema: {
        ...common,
        summary: 'Make an agent, with a link by which the agent chooses a password',
        body: NewAgent,
        response: { 201: MadeAgent, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { agent, link, receipts } = await makeAgent(
        database,
        changedBy(request, context),
        request.body,
      );
      logAudit(logger, ...receipts);
      setVersion(reply, agentSettings(agent));
      return reply.status(201).send({ agent, passwordLink: link && linkOf(request, link) });
    },
  );

  app.get(
    '/agents/:id',
    {
      config: { action: 'agents-read' },
      schema: {
        ...common,
        summary: 'An agent',
        params: AgentParams,
        response: { 200: AgentAccount, ...errorReplies },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const agent = await readAgentAccount(database, caller.siteId, groupsOf(caller), id);
      setVersion(reply, agentSettings(agent));
      return agent;
    },
  );

  app.patch(
    '/agents/:id',
    {
      config: { action: 'agents' },
      schema: {
        ...common,
        summary: 'Change an agent. A disabled agent is signed out at once',
        params: AgentParams,
        body: AgentChange,
        response: { 200: AgentAccount, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { agent, receipts } = await changeAgent(database, changedBy(request, context), {
        id: request.params.id,
        version: readIfMatch(request),
        change: request.body,
      });
      logAudit(logger, ...receipts);
      setVersion(reply, agentSettings(agent));
      return agent;
    },
  );

  app.post(
    '/agents/:id/password-link',
    {
      config: { action: 'agents', answersSecret: true },
      schema: {
        ...common,
        summary:
          'Make a link for a new password. The present password and the sessions end at once',
        params: AgentParams,
        body: PasswordLinkOrder,
        response: { 201: PasswordLink, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { link, receipts } = await orderPasswordLink(database, changedBy(request, context), {
        id: request.params.id,
        ...request.body,
      });
      logAudit(logger, ...receipts);
      return reply.status(201).send(linkOf(request, link));
    },
  );

  app.delete(
    '/agents/:id/second-factor',
    {
      config: { action: 'agents' },
      schema: {
        ...common,
        summary: 'Take off an agent’s second factor. The sessions end at once',
        params: AgentParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      logAudit(
        logger,
        ...(await removeAgentSecondFactor(database, changedBy(request, context), id)),
      );
      return reply.status(204).send(null);
    },
  );
}
