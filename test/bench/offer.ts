import type { BareNodeJobs } from './bare-server.ts';
import { DeskCluster } from './desk-cluster.ts';
import { gatherCallers, VISITORS } from './start-callers.ts';
import type { SpellReport } from './load/callers.ts';
import type { EchoesJobs } from './load/echo-clients.ts';
import type { Benchmark, Result } from './result.ts';

const RATES = [50, 200, 500];
const SECONDS = 6;
const BUDGET = 50;

/** Whole calls over sockets, from as many visitors and agents as one would see at that rate, on so many nodes. */
async function spells(nodes: number): Promise<SpellReport[]> {
  const cluster = await DeskCluster.start(nodes);
  try {
    const callers = await gatherCallers(cluster);
    await callers.ask('call', { rate: 50, seconds: 2 });
    const reports: SpellReport[] = [];
    for (const rate of RATES) reports.push(await callers.ask('call', { rate, seconds: SECONDS }));
    return reports;
  } finally {
    await cluster.stop();
  }
}

/** A message to ws, two statements of two commits, and the message back. */
async function bare(): Promise<{ p50: number; p99: number }[]> {
  const cluster = await DeskCluster.start(0);
  try {
    const { databaseUrl: DATABASE_URL } = cluster;
    const server = cluster.child<BareNodeJobs>('./bare-node.ts', { DATABASE_URL });
    const echoes = cluster.child<EchoesJobs>('./load/echoes.ts');
    await echoes.ask('gather', { server: await server.ask('start'), count: VISITORS });
    await echoes.ask('echo', { rate: 50, seconds: 2 });
    const reports = [];
    for (const rate of RATES) reports.push(await echoes.ask('echo', { rate, seconds: SECONDS }));
    return reports;
  } finally {
    await cluster.stop();
  }
}

async function measure(): Promise<Result[]> {
  const peers = await bare();
  const results: Result[] = [];
  for (const nodes of [1, 2]) {
    const where = nodes === 1 ? 'one node' : 'two nodes';
    for (const [i, report] of (await spells(nodes)).entries()) {
      const rate = RATES[i] ?? 0;
      const peer = peers[i] ?? { p50: Number.NaN, p99: Number.NaN };
      for (const p of ['p50', 'p99'] as const) {
        const bound = nodes === 1 && rate === 200 && p === 'p99';
        results.push({
          name: `offer's way at ${rate} calls/s, ${where}, ${p}`,
          value: report[p],
          unit: 'ms',
          peers: { 'ws echo + 2 statements': peer[p] },
          ratio: report[p] / peer[p],
          budget: bound ? `≤ ${BUDGET} ms` : 'none set',
          ok: !bound || report[p] <= BUDGET,
        });
      }
      results.push({
        name: `whole calls over sockets, ${rate}/s begun, ${where}`,
        value: report.perSecond,
        unit: 'calls/s',
        peers: {},
        ratio: null,
        budget: 'none hurt',
        ok: report.hurt === 0,
      });
    }
  }
  return results;
}

export const offer: Benchmark = { name: 'offer', run: measure };
