import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { readCase } from '../../case-files/read-case.ts';
import { writeCaseFile } from '../../case-files/write-case-file.ts';
import { reachOf } from '../../identity/permissions.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { auditedReader } from '../read-audited.ts';
import { placesOf } from '../recording-answer.ts';

const CallParams = closed({ id: Uuid });
/** Bytes are sent as they are, so this schema is for the description only. */
export const CaseFileAnswer = {
  description: 'The ZIP. One whose end is missing was not finished: ask for it again.',
  content: {
    'application/zip': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
  },
};

export const caseFileHeaders = (call: string): Record<string, string> => ({
  'content-disposition': `attachment; filename="case-${call}.zip"`,
  'content-type': 'application/zip',
});

/** Everything that is kept of a call, in one signed ZIP. */
export async function caseFileRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key: serverKey } = context;
  const places = placesOf(context);
  const readAudited = auditedReader(
    context,
    () => new RtcDeskError('not-found', 'Your site has no such call.'),
  );
  requireCaller(app, context);

  app.get(
    '/calls/:id/case-file',
    {
      config: { action: 'recordings-export' },
      // Making one is told of in the security log.
      exposeHeadRoute: false,
      schema: {
        tags: ['case files'],
        security: CALLER_SECURITY,
        summary:
          'The case file of a call that is over (ZIP): record, conversation, pictures, recording, signed manifest. ' +
          'An API key needs `calls:read` too',
        params: CallParams,
        response: { 200: CaseFileAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { credential, name: madeBy } = callerOf(request);
      if (reachOf(credential, 'records') !== 'site') {
        throw new RtcDeskError('forbidden', 'You may not read the records of calls.');
      }
      const scope = scopeOf(request);
      const what = { subject: `call:${id}`, after: { caseFile: true } };
      const found = await readAudited(request, what, (tx) => readCase(tx, scope, id));
      const pieces = writeCaseFile({ database, places, serverKey }, { scope, madeBy }, found);
      return reply.headers(caseFileHeaders(id)).send(Readable.from(pieces, { objectMode: false }));
    },
  );
}
