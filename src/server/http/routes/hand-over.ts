import { HandOver } from '../../../protocol/rest/hand-over.ts';
import { readHandOver } from '../../hand-overs/read-hand-over.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** The page reads of which site its code is. The code is the bearer token, so that it stands in no address. */
export async function handOverRoutes(app: HttpApp, { database }: HttpContext): Promise<void> {
  app.get(
    '/hand-over',
    {
      schema: {
        tags: ['call'],
        security: [{ handOver: [] }],
        summary: 'The call that a code of a hand-over opens',
        response: { 200: HandOver, ...errorReplies },
      },
    },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      return readHandOver(database, readBearer(request));
    },
  );
}
