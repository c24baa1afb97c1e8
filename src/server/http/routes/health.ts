import type { FastifyInstance } from 'fastify';
import type { HttpContext } from '../http-context.ts';

/** A database that takes longer to answer "1" cannot serve anybody; in ms. */
const PATIENCE = 2_000;

/** Liveness, which never touches the database, and readiness, which does. */
export async function healthRoutes(app: FastifyInstance, context: HttpContext): Promise<void> {
  const options = { config: { rateLimit: false as const } };
  let asking: Promise<boolean> | null = null;

  app.get('/healthz', options, () => ({ status: 'alive' }));
  app.get('/readyz', options, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (context.stopping()) return reply.status(503).send({ status: 'stopping' });
    // However many ask, the database is asked once at a time.
    asking ??= answers(context).finally(() => (asking = null));
    if (await asking) return { status: 'ready' };
    return reply.status(503).send({ status: 'the database does not answer' });
  });
}

async function answers({ database, logger }: HttpContext): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE);
  });
  const answer = database.query('select 1').then(
    () => true,
    (error: unknown) => {
      logger.warn({ err: error }, 'not ready: the database does not answer');
      return false;
    },
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
