import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { ErasureList } from '../../../protocol/rest/erasures.ts';
import { closed, described, Nullable, type Shape, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { ed25519PublicKey } from '../../identity/ed25519-key.ts';
import { signCertificate } from '../../retention/erasure-certificate.ts';
import {
  ErasedCounts,
  Erasure,
  readErasure,
  type ErasureSubject,
} from '../../retention/erasure.ts';
import { listErasures } from '../../retention/list-erasures.ts';
import { countErasure, requestErasure } from '../../retention/request-erasure.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { PublicKey } from '../public-key.ts';

const Order = closed({
  visitor: Type.Optional(
    Type.String({
      pattern: '^[^\\u0000-\\u001f\\u007f]{1,128}$',
      description: 'Your own id of the visitor: the `sub` of the signed identity.',
    }),
  ),
  call: Type.Optional(described(Uuid, 'The id of a call.')),
  dryRun: Type.Optional(
    Type.Boolean({ default: false, description: 'Only count what would be deleted.' }),
  ),
});
const Count = closed({
  ...ErasedCounts.properties,
  liveCalls: Type.Integer({
    description: 'Of the calls, those that are live. They are erased after their end.',
  }),
  heldCalls: Type.Integer({
    description: 'Of the calls, those with a legal hold. They are erased when it is lifted.',
  }),
});
const ErasureState = closed({
  ...Erasure.properties,
  certificate: Nullable(
    Type.String({
      description: 'A JWT (EdDSA) that says the same, once the job is finished. See /erasure-key.',
    }),
  ),
});
/** Orders that a list holds. */
const MAX_LISTED = 100;
const ErasureParams = closed({ id: Uuid });
/** Erases what the site knows of a visitor, or a call. An order of another site is not found. */
export async function erasureRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, logger, proxies } = context;
  const common = { tags: ['retention and erasure'], security: CALLER_SECURITY };
  requireCaller(app, context);

  const readState = async (siteId: string, id: string) => {
    const erasure = await readErasure(database, siteId, id);
    if (!erasure) throw new RtcDeskError('not-found', 'Your site has no such erasure.');
    const certificate =
      erasure.finishedAt === null ? null : await signCertificate(key, siteId, erasure);
    return { ...erasure, certificate };
  };

  app.post(
    '/erasures',
    {
      config: { action: 'erasure' },
      schema: {
        ...common,
        summary:
          'Erase a visitor with all calls, or one call. The same order again is the same job',
        body: Order,
        response: { 200: Count, 202: ErasureState, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { siteId, actor, name } = callerOf(request);
      const order = { siteId, ...subjectOf(request.body) };
      if (request.body.dryRun) return countErasure(database, order);
      const { id, receipt } = await requestErasure(database, {
        ...order,
        requestedBy: name,
        actor,
        address: proxies.clientAddress(request.raw),
      });
      if (receipt) logAudit(logger, receipt);
      return reply.status(202).send(await readState(siteId, id));
    },
  );

  app.get(
    '/erasures',
    {
      config: { action: 'erasure' },
      schema: {
        ...common,
        summary: 'The newest 100 orders to erase a visitor or a call',
        response: { 200: ErasureList, ...errorReplies },
      },
    },
    async (request) => ({
      erasures: await listErasures(database, callerOf(request).siteId, MAX_LISTED),
    }),
  );

  app.get(
    '/erasures/:id',
    {
      config: { action: 'erasure' },
      schema: {
        ...common,
        summary: 'How far an erasure is, and its certificate',
        params: ErasureParams,
        response: { 200: ErasureState, ...errorReplies },
      },
    },
    (request) => readState(callerOf(request).siteId, request.params.id),
  );
}

/** The key is public: who has a certificate can verify it without an account. */
export async function erasureKeyRoutes(app: HttpApp, { key }: HttpContext): Promise<void> {
  app.get(
    '/erasure-key',
    {
      schema: {
        tags: ['retention and erasure'],
        summary: 'The public key (JWK) of the certificates of erasures',
        response: { 200: PublicKey, ...errorReplies },
      },
    },
    async () => (await ed25519PublicKey(key, 'erasure-certificate')) as PublicKey,
  );
}

function subjectOf({
  visitor,
  call,
}: Shape<typeof Order>): Pick<ErasureSubject, 'kind' | 'subject'> {
  if (visitor !== undefined && call === undefined) return { kind: 'visitor', subject: visitor };
  if (call !== undefined && visitor === undefined) return { kind: 'call', subject: call };
  throw new RtcDeskError('bad-message', 'Name either a visitor or a call.');
}
