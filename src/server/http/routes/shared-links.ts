import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  MadeSharedLink,
  NewSharedLink,
  SharedLinkList,
  SharedThing,
} from '../../../protocol/rest/shared-links.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { isReading } from '../../audit/recent-reading.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import { readCallRoom } from '../../calls/call-record.ts';
import { readCase } from '../../case-files/read-case.ts';
import { writeCaseFile } from '../../case-files/write-case-file.ts';
import { reachOf } from '../../identity/permissions.ts';
import { openRecordingFile } from '../../recordings/open-recording-file.ts';
import {
  listSharedLinks,
  makeSharedLink,
  revokeSharedLink,
  type LinkMaker,
  type SharedSubject,
} from '../../shared-links/make-link.ts';
import {
  openSharedFile,
  openSharedLink,
  sharedFileCode,
  type OpenLink,
} from '../../shared-links/open-link.ts';
import { readBearer } from '../bearer.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';
import { ownAddress } from '../own-address.ts';
import { RecordingFileAnswer, placesOf, sendRecording } from '../recording-answer.ts';
import { CaseFileAnswer, caseFileHeaders } from './case-files.ts';

const Params = closed({ id: Uuid });
const FileQuery = closed({
  code: Type.String({ maxLength: 64 }),
  part: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1 })),
  download: Type.Optional(Type.Boolean({ default: false })),
});
/** Requests in a minute from one address: they limit guesses of codes. */
const LIMIT = { rateLimit: { max: 20, timeWindow: '1 minute' } };

/** Links to recordings and case files, for who may save these. A link of another site is not found. */
export async function sharedLinkRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = { tags: ['shared links'], security: CALLER_SECURITY };
  const action = 'recordings-export' as const;
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);

  const makerOf = (request: Pick<FastifyRequest, 'raw'>): LinkMaker => {
    const { siteId, actor, name } = callerOf(request);
    return { siteId, actor, name, address: proxies.clientAddress(request.raw) };
  };
  const make = async (
    request: Pick<FastifyRequest, 'raw' | 'host' | 'protocol'> & { readonly body: NewSharedLink },
    subject: SharedSubject,
  ): Promise<MadeSharedLink> => {
    const made = await makeSharedLink(database, makerOf(request), subject, request.body);
    logAudit(logger, made.receipt);
    return { ...made.link, url: `${ownAddress(request, context)}/shared#${made.code}` };
  };

  app.post(
    '/recordings/:id/links',
    {
      config: { action, answersSecret: true },
      schema: {
        ...common,
        summary: 'Make a link by which anybody plays and saves the recording until it expires',
        params: Params,
        body: NewSharedLink,
        response: { 201: MadeSharedLink, ...errorReplies },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await make(request, { recording: request.params.id })),
  );

  app.post(
    '/calls/:id/case-file/links',
    {
      config: { action, answersSecret: true },
      schema: {
        ...common,
        summary: 'Make a link by which anybody saves the case file of a call until it expires',
        params: Params,
        body: NewSharedLink,
        response: { 201: MadeSharedLink, ...errorReplies },
      },
    },
    async (request, reply) => {
      if (reachOf(callerOf(request).credential, 'records') !== 'site') {
        throw new RtcDeskError('forbidden', 'You may not read the records of calls.');
      }
      return reply.status(201).send(await make(request, { call: request.params.id }));
    },
  );

  app.get(
    '/calls/:id/links',
    {
      config: { action },
      schema: {
        ...common,
        summary: 'The links to the recording and the case file of a call that have not expired',
        params: Params,
        response: { 200: SharedLinkList, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = request.params;
      if ((await readCallRoom(database, scopeOf(request), id)) === undefined) {
        throw new RtcDeskError('not-found', 'Your site has no such call.');
      }
      return { links: [...(await listSharedLinks(database, callerOf(request).siteId, id))] };
    },
  );

  app.delete(
    '/shared-links/:id',
    {
      config: { action },
      schema: {
        ...common,
        summary: 'Revoke a link: it opens nothing from now on',
        params: Params,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      logAudit(logger, await revokeSharedLink(database, makerOf(request), request.params.id));
      return reply.status(204).send(null);
    },
  );
}

/** What somebody with a link gets. Every use is told of in the security log. */
export async function sharedRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, logger, proxies } = context;
  const places = placesOf(context);
  const common = { tags: ['shared links'] };
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  app.get(
    '/shared',
    {
      config: LIMIT,
      schema: {
        ...common,
        security: [{ sharedLink: [] }],
        summary: 'What a link is to',
        response: { 200: SharedThing, ...errorReplies },
      },
    },
    async (request) => {
      const link = await openSharedLink(database, readBearer(request));
      const { what, siteName, requestedAt, expiresAt, parts } = link;
      const fileCode = sharedFileCode(key, link);
      return { what, siteName, requestedAt, expiresAt, parts, fileCode };
    },
  );

  app.get(
    '/shared/file',
    {
      // A player asks for a part each time that somebody presses the time line.
      exposeHeadRoute: false,
      schema: {
        ...common,
        summary: 'The recording of a link (range requests), or its case file',
        querystring: FileQuery,
        response: {
          200: {
            description: 'The file.',
            content: { ...RecordingFileAnswer.content, ...CaseFileAnswer.content },
          },
          206: RecordingFileAnswer,
          ...errorReplies,
        },
      },
    },
    async (request, reply) => {
      const { code, part = 1, download = false } = request.query;
      const link = await openSharedFile(database, key, code);
      const scope = { siteId: link.siteId, groups: null, agentId: null };
      if (link.recording === null) {
        const found = await readCase(database, scope, link.call);
        if (!found) throw new RtcDeskError('not-found', 'The call was deleted.');
        await tell(request, link, { caseFile: true, link: link.id });
        const order = { scope, madeBy: `link of ${link.madeBy}` };
        const pieces = writeCaseFile({ database, places, serverKey: key }, order, found);
        return reply
          .headers(caseFileHeaders(link.call))
          .send(Readable.from(pieces, { objectMode: false }));
      }
      const asked = { id: link.recording, part };
      const file = await openRecordingFile(database, places, key, scope, asked);
      if (!file) throw new RtcDeskError('not-found', 'The recording has no such part.');
      await tell(request, link, { part, download, link: link.id });
      const { range } = request.headers;
      return sendRecording(reply, file, { ...asked, download, range });
    },
  );

  /** One row for each use; a further range within ten minutes is no new use. */
  async function tell(
    request: Pick<FastifyRequest, 'raw'>,
    { siteId, call, recording }: OpenLink,
    after: object,
  ): Promise<void> {
    const what = { subject: recording ? `recording:${recording}` : `call:${call}`, after };
    const type = recording ? 'recording-read' : 'record-read';
    const actor = { kind: 'unknown' } as const;
    if (recording && (await isReading(database, siteId, actor, what, type))) return;
    const address = proxies.clientAddress(request.raw);
    const receipt = await database.transaction((tx) =>
      writeAudit(tx, { site: siteId, type, actor, address, ...what }),
    );
    logAudit(logger, receipt);
  }
}
