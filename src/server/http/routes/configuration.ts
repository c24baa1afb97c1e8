import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  ConfigurationChanges,
  ConfigurationQuery,
  SiteConfiguration,
} from '../../../protocol/rest/configuration.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { requireOwnAccess } from '../../configuration/require-own-access.ts';
import type { Queryable } from '../../database/database.ts';
import { provision } from '../../sites/provision.ts';
import { checkConfiguration, ProvisionError } from '../../sites/provision-file.ts';
import { changesOf, readConfiguration } from '../../sites/read-configuration.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** For the sites with the most agents. */
const BODY_BYTES = 8 * 1024 * 1024;

/** The whole configuration of a site as one document: a site of the provision file. */
export async function configurationRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, logger } = context;
  const common = { tags: ['configuration'], security: CALLER_SECURITY };
  requireCaller(app, context);

  app.get(
    '/configuration',
    {
      config: { action: 'configuration' },
      schema: {
        ...common,
        summary: 'All that is configured, without secrets',
        response: { 200: SiteConfiguration, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { siteId } = callerOf(request);
      const configuration = await database.transaction((tx) => readConfiguration(tx, siteId));
      setVersion(reply, configuration);
      return configuration;
    },
  );

  app.put(
    '/configuration',
    {
      config: { action: 'configuration-write' },
      bodyLimit: BODY_BYTES,
      schema: {
        ...common,
        summary: 'Write it, or with `dryRun` only tell what would change',
        querystring: ConfigurationQuery,
        body: SiteConfiguration,
        response: { 200: ConfigurationChanges, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { actor, address, siteId, agentId } = changedBy(request, context);
      const version = readIfMatch(request);
      const { dryRun = false } = request.query;
      if (request.body.id !== siteId) {
        throw new RtcDeskError('bad-message', `The configuration’s id must be "${siteId}".`);
      }
      try {
        checkConfiguration(request.body, 'site');
        const check = (tx: Queryable) => requireOwnAccess(tx, agentId);
        const options = { actor, address, version, dryRun, check };
        const { changes, receipts } = await provision(
          database,
          key,
          { sites: [request.body] },
          options,
        );
        logAudit(logger, ...receipts);
        if (!dryRun) setVersion(reply, await readConfiguration(database, siteId));
        return { changes: changesOf(changes[siteId]) };
      } catch (error) {
        if (!(error instanceof ProvisionError)) throw error;
        throw new RtcDeskError('bad-message', error.message, { cause: error });
      }
    },
  );
}
