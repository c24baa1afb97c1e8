import { collectDefaultMetrics, Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { readQueueFigures, type QueueFigures } from '../../calls/queue-figures.ts';
import { readRecordingFigures, type RecordingFigures } from '../../recordings/recording-figures.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { requireMetricsReader } from '../metrics-access.ts';

const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** Metrics for Prometheus. Labels are from small closed sets: no site, person or call is named. */
export function metricsRoutes(app: HttpApp, context: HttpContext): void {
  const { registry, settings, proxies } = context;
  // Among them the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  measureRequests(app, registry);
  measureQueue(context);
  measureRecordings(context);
  countOffers(context);

  // With a token, guesses of it are limited. Without one, only this machine may ask.
  const config = settings.metricsToken === null ? { rateLimit: false as const } : {};
  app.get('/metrics', { config }, async (request, reply) => {
    requireMetricsReader(request, settings.metricsToken, proxies);
    return reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics());
  });
  app.addHook('onClose', async () => registry.clear());
}

function measureRequests(app: HttpApp, registry: Registry): void {
  const durations = new Histogram({
    name: 'rtc_desk_http_request_seconds',
    help: 'Requests by method, route and class of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    durations.observe(
      {
        method: METHODS.has(request.method) ? request.method : 'other',
        route: request.routeOptions.url ?? 'none',
        status: `${Math.floor(reply.statusCode / 100)}xx`,
      },
      reply.elapsedTime / 1000,
    );
  });
}

function measureQueue({ registry, database, logger }: HttpContext): void {
  let reading: Promise<QueueFigures | null> | null = null;
  /** All gauges of one scrape share one reading. Null if the database did not answer. */
  const read = (): Promise<QueueFigures | null> =>
    (reading ??= readQueueFigures(database)
      .catch((error: unknown) => {
        // The process's own metrics are still worth having, and rtc_desk_database_up tells of this.
        logger.warn({ err: error }, 'the queue could not be measured');
        return null;
      })
      .finally(() => (reading = null)));
  const registers = [registry];
  new Gauge({
    name: 'rtc_desk_calls',
    help: 'Live calls by state, on all nodes',
    labelNames: ['state'],
    registers,
    async collect() {
      const { calls = {} } = (await read()) ?? {};
      for (const [state, count] of Object.entries(calls)) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'rtc_desk_longest_wait_seconds',
    help: 'How long the first in the queue has waited',
    registers,
    async collect() {
      const figures = await read();
      if (figures) this.set(figures.longestWait);
    },
  });
  new Gauge({
    name: 'rtc_desk_agents',
    help: 'Agents with a live socket, by the status that they chose',
    labelNames: ['status'],
    registers,
    async collect() {
      const { agents = {} } = (await read()) ?? {};
      for (const [status, count] of Object.entries(agents)) this.set({ status }, count);
    },
  });
  new Gauge({
    name: 'rtc_desk_database_up',
    help: 'Whether the database answered just now',
    registers,
    async collect() {
      this.set((await read()) ? 1 : 0);
    },
  });
}

function measureRecordings({ registry, database, logger, objectStorage }: HttpContext): void {
  let reading: Promise<RecordingFigures | null> | null = null;
  /** As for the queue: one reading a scrape. */
  const read = (): Promise<RecordingFigures | null> =>
    (reading ??= readRecordingFigures(database, (objectStorage?.destination ?? null) !== null)
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'the recordings could not be measured');
        return null;
      })
      .finally(() => (reading = null)));
  const registers = [registry];
  new Gauge({
    name: 'rtc_desk_recordings',
    help: 'Recordings that are not finished, by state, on all nodes',
    labelNames: ['state'],
    registers,
    async collect() {
      const { recordings = {} } = (await read()) ?? {};
      for (const [state, count] of Object.entries(recordings)) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'rtc_desk_unrecorded_calls',
    help: 'Connected calls that are to be recorded always, and are not',
    registers,
    async collect() {
      const figures = await read();
      if (figures) this.set(figures.unrecorded);
    },
  });
  new Gauge({
    name: 'rtc_desk_recording_files',
    help: 'Files to move to the object store or to delete there, and those whose last attempt failed',
    labelNames: ['state'],
    registers,
    async collect() {
      const storage: Record<string, number> = (await read())?.storage ?? {};
      for (const [state, count] of Object.entries(storage)) this.set({ state }, count);
    },
  });
}

function countOffers({ registry, matched }: HttpContext): void {
  new Counter({
    name: 'rtc_desk_offers_total',
    help: 'Offers that this node has made',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(matched());
    },
  });
}
