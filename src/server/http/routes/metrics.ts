import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpContext } from '../http-context.ts';
import { requireMetricsReader } from '../metrics-access.ts';
import { readQueueFigures } from '../../calls/queue-figures.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS']);

/** With how many of TRTC's callbacks came, by what became of them. */
type MetricsContext = HttpContext & { callbacks(): Readonly<Record<string, number>> };

/** Prometheus' figures. Labels are from small closed sets: no site, person or call is named. */
export function metricsRoutes(app: FastifyInstance, context: MetricsContext): void {
  const registry = new Registry();
  // Among them the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  measureRequests(app, registry);
  const readQueue = queueGauges(registry, context);
  const readSockets = socketGauges(registry, context);

  // Limited where somebody could guess the token, not where the one who asks is this machine.
  const config = context.settings.metricsToken === null ? { rateLimit: false as const } : {};
  app.get('/metrics', { config }, async (request, reply) => {
    requireMetricsReader(request, context.settings.metricsToken, context.proxies);
    readSockets();
    await readQueue();
    return reply
      .type(registry.contentType)
      .header('cache-control', 'no-store')
      .send(await registry.metrics());
  });
  app.addHook('onClose', async () => registry.clear());
}

function measureRequests(app: FastifyInstance, registry: Registry): void {
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

function queueGauges(registry: Registry, { database, logger }: HttpContext): () => Promise<void> {
  const registers = [registry];
  const calls = new Gauge({
    name: 'rtc_desk_calls',
    help: 'Calls that live, by state, on all nodes',
    labelNames: ['state'],
    registers,
  });
  const longest = new Gauge({
    name: 'rtc_desk_longest_wait_seconds',
    help: 'How long the first in line has waited',
    registers,
  });
  const agents = new Gauge({
    name: 'rtc_desk_agents',
    help: 'Agents with a live socket, by the status that they chose',
    labelNames: ['status'],
    registers,
  });
  const up = new Gauge({
    name: 'rtc_desk_database_up',
    help: 'Whether the database answered just now',
    registers,
  });
  return async () => {
    try {
      const figures = await readQueueFigures(database);
      for (const [state, count] of Object.entries(figures.calls)) calls.set({ state }, count);
      for (const [status, count] of Object.entries(figures.agents)) agents.set({ status }, count);
      longest.set(figures.longestWait);
      up.set(1);
    } catch (error) {
      // The process's own figures are still worth having, and this one says what is missing.
      logger.warn({ err: error }, 'the queue could not be measured');
      up.set(0);
    }
  };
}

function socketGauges(registry: Registry, context: MetricsContext): () => void {
  const registers = [registry];
  const open = new Gauge({
    name: 'rtc_desk_sockets',
    help: 'Open sockets of this node, by role',
    labelNames: ['role'],
    registers,
  });
  const buffered = new Gauge({
    name: 'rtc_desk_socket_buffered_bytes',
    help: 'Bytes that wait for slow readers',
    registers,
  });
  const received = new Counter({
    name: 'rtc_desk_messages_received_total',
    help: 'Messages read from sockets, by type',
    labelNames: ['type'],
    registers,
  });
  const sent = new Counter({
    name: 'rtc_desk_messages_sent_total',
    help: 'Frames written to sockets, by type',
    labelNames: ['type'],
    registers,
  });
  const closed = new Counter({
    name: 'rtc_desk_sockets_closed_total',
    help: 'Sockets that this server ended, by close code',
    labelNames: ['code'],
    registers,
  });
  const slow = new Counter({
    name: 'rtc_desk_slow_readers_total',
    help: 'Sockets cut off because they did not read',
    registers,
  });
  const matched = new Counter({
    name: 'rtc_desk_offers_total',
    help: 'Offers that this node has made',
    registers,
  });
  const callbacks = new Counter({
    name: 'rtc_desk_trtc_callbacks_total',
    help: 'Callbacks of TRTC, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  // The sources count by themselves and only grow: each time they are copied as they stand.
  const copy = (
    counter: Counter,
    label: string,
    counts: Readonly<Record<string, number>>,
  ): void => {
    counter.reset();
    for (const [name, count] of Object.entries(counts)) counter.inc({ [label]: name }, count);
  };
  return () => {
    const stats = context.socketStats();
    for (const [role, count] of Object.entries(stats.open)) open.set({ role }, count);
    open.set({ role: 'greeting' }, stats.handshaking);
    buffered.set(stats.bufferedBytes);
    copy(received, 'type', stats.received);
    copy(sent, 'type', stats.sent);
    copy(closed, 'code', stats.closed);
    copy(callbacks, 'outcome', context.callbacks());
    slow.reset();
    slow.inc(stats.slowReaders);
    matched.reset();
    matched.inc(context.matched());
  };
}
