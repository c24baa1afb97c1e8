import { TimeoutError, withTimeout } from '../../database/with-timeout.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** A database that takes longer for `select 1` cannot serve anybody. */
const ANSWER_TIMEOUT_MS = 2_000;

/** `/healthz` (liveness) never touches the database. `/readyz` (readiness) does. */
export async function healthRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const options = { config: { rateLimit: false as const } };
  let asking: Promise<boolean> | null = null;

  app.get('/healthz', options, () => ({ status: 'alive' }));
  app.get('/readyz', options, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (context.stopping()) return reply.status(503).send({ status: 'stopping' });
    // Requests share one query, however many come.
    asking ??= databaseAnswers(context).finally(() => (asking = null));
    if (await asking) return { status: 'ready' };
    return reply.status(503).send({ status: 'the database does not answer' });
  });
}

async function databaseAnswers({ database, logger }: HttpContext): Promise<boolean> {
  try {
    await withTimeout(ANSWER_TIMEOUT_MS, database.query('select 1'));
    return true;
  } catch (error) {
    if (!(error instanceof TimeoutError)) {
      logger.warn({ err: error }, 'not ready: the database does not answer');
    }
    return false;
  }
}
