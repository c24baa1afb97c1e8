import type { BareServerJobs } from './bare-server.ts';
import { DeskCluster } from './desk-cluster.ts';
import type { CallsReport } from './load/callers.ts';
import type { EchoClientsJobs } from './load/echo-clients.ts';
import type { Benchmark, Result } from './result.ts';
import { startCallers, VISITORS } from './start-callers.ts';

const CALLS_PER_SECOND = [50, 100, 200];
const SECONDS = 6;
const WARM_UP = { rate: 50, seconds: 4 };
/** The budget: p99 at this rate on one node. */
const BUDGET = { rate: 100, maxMs: 50 };

/** Whole calls over sockets at each rate, on so many nodes. */
async function runCalls(nodes: number): Promise<CallsReport[]> {
  const cluster = await DeskCluster.start(nodes);
  try {
    const callers = await startCallers(cluster);
    await callers.ask('call', WARM_UP);
    // Autovacuum analyzes the tables within a minute. Without it the plans are those of empty tables.
    await cluster.database.query('analyze');
    const reports: CallsReport[] = [];
    for (const rate of CALLS_PER_SECOND) {
      reports.push(await callers.ask('call', { rate, seconds: SECONDS }));
    }
    return reports;
  } finally {
    await cluster.stop();
  }
}

/** The peer: a message to ws, two statements in two commits, and the message back. */
async function runEchoes(): Promise<{ p50: number; p99: number }[]> {
  const cluster = await DeskCluster.start(0);
  try {
    const { databaseUrl: DATABASE_URL } = cluster;
    const server = cluster.child<BareServerJobs>('./bare-server.ts', { DATABASE_URL });
    const clients = cluster.child<EchoClientsJobs>('./load/echo-clients.ts');
    await clients.ask('connect', { server: await server.ask('start'), count: VISITORS });
    await clients.ask('echo', WARM_UP);
    const reports = [];
    for (const rate of CALLS_PER_SECOND) {
      reports.push(await clients.ask('echo', { rate, seconds: SECONDS }));
    }
    return reports;
  } finally {
    await cluster.stop();
  }
}

async function run(): Promise<Result[]> {
  const peers = await runEchoes();
  const results: Result[] = [];
  for (const nodes of [1, 2]) {
    const where = nodes === 1 ? 'one node' : 'two nodes';
    for (const [i, report] of (await runCalls(nodes)).entries()) {
      const rate = CALLS_PER_SECOND[i] ?? 0;
      const peer = peers[i] ?? { p50: Number.NaN, p99: Number.NaN };
      for (const p of ['p50', 'p99'] as const) {
        const hasBudget = nodes === 1 && rate === BUDGET.rate && p === 'p99';
        results.push({
          name: `request → offer at ${rate} calls/s, ${where}, ${p}`,
          value: report[p],
          unit: 'ms',
          peers: { 'ws echo + 2 statements': peer[p] },
          ratio: report[p] / peer[p],
          budget: hasBudget ? `≤ ${BUDGET.maxMs} ms` : 'none set',
          ok: !hasBudget || report[p] <= BUDGET.maxMs,
        });
      }
      results.push({
        name: `whole calls over sockets, ${rate}/s begun, ${where}`,
        value: report.perSecond,
        unit: 'calls/s',
        peers: {},
        ratio: null,
        budget: '0 hurt',
        ok: report.hurt === 0,
      });
    }
  }
  return results;
}

export const offer: Benchmark = { name: 'offer', run };
