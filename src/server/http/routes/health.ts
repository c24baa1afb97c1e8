import { probeWrite } from '../../database/probe-write.ts';
import { TimeoutError, withTimeout } from '../../database/with-timeout.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** A database that takes longer for an answer cannot serve anybody. */
const ANSWER_TIMEOUT_MS = 2_000;
/** A write is tried no more often than this. Until then its last outcome counts. */
const PROBE_INTERVAL_MS = 5_000;

const READY = 'ready';
type State = typeof READY | 'the database does not answer' | 'nothing can be written';

/** `/healthz` (liveness) never touches the database. `/readyz` (readiness) does. */
export async function healthRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const options = { config: { rateLimit: false as const } };
  const readState = stateReader(context);
  let asking: Promise<State> | null = null;

  app.get('/healthz', options, () => ({ status: 'alive' }));
  app.get('/readyz', options, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (context.stopping()) return reply.status(503).send({ status: 'stopping' });
    // Requests share one answer, however many come.
    asking ??= readState().finally(() => (asking = null));
    const status = await asking;
    return reply.status(status === READY ? 200 : 503).send({ status });
  });
}

/** Reads whether this node can serve: the database answers, and something can be written. */
function stateReader({ database, logger, settings }: HttpContext): () => Promise<State> {
  let probedAt = -Infinity;
  let writable = true;
  return async () => {
    const answers = await succeeds(database.query('select 1'), (error) =>
      logger.warn({ err: error }, 'not ready: the database does not answer'),
    );
    if (!answers) return 'the database does not answer';
    if (performance.now() - probedAt >= PROBE_INTERVAL_MS) {
      probedAt = performance.now();
      writable = await succeeds(probeWrite(database, settings.dataDir), (error) =>
        logger.warn({ err: error }, 'not ready: nothing can be written'),
      );
    }
    return writable ? READY : 'nothing can be written';
  };
}

/** False after an error, which is told, and after a timeout. */
async function succeeds(work: Promise<unknown>, tell: (error: unknown) => void): Promise<boolean> {
  try {
    await withTimeout(ANSWER_TIMEOUT_MS, work);
    return true;
  } catch (error) {
    if (!(error instanceof TimeoutError)) tell(error);
    return false;
  }
}
