import { setTimeout as delay } from 'node:timers/promises';
import { DeskCluster } from './desk-cluster.ts';
import type { Benchmark, Result } from './result.ts';
import { startCallers } from './start-callers.ts';

const CALLS_PER_SECOND = 100;
const WARM_UP = { rate: 50, seconds: 4 };
/** The database takes 10 s to declare a node dead. The load goes on for longer than that. */
const SECONDS = 20;
const KILL_AFTER_MS = 4_000;
/** The budget: by then the last client of the dead node is served again. */
const MAX_AWAY_MS = 2_000;

async function run(): Promise<Result[]> {
  const cluster = await DeskCluster.start(2);
  try {
    const callers = await startCallers(cluster);
    await callers.ask('call', WARM_UP);
    // Autovacuum analyzes the tables within a minute. Without it the plans are those of empty tables.
    await cluster.database.query('analyze');
    await callers.ask('watch');
    const calling = callers.ask('call', { rate: CALLS_PER_SECOND, seconds: SECONDS });
    await delay(KILL_AFTER_MS);
    await cluster.nodes[1]?.kill();
    const away = await callers.ask('away');
    const { hurt } = await calling;
    return [
      {
        name: `kill -9 of one of two nodes at ${CALLS_PER_SECOND} calls/s: the last client is served again after`,
        value: away,
        unit: 'ms',
        peers: {},
        ratio: null,
        budget: `≤ ${MAX_AWAY_MS.toLocaleString('en')} ms`,
        ok: away <= MAX_AWAY_MS,
      },
      {
        name: `kill -9 of one of two nodes at ${CALLS_PER_SECOND} calls/s: calls hurt`,
        value: hurt,
        unit: 'calls',
        peers: {},
        ratio: null,
        budget: '0',
        ok: hurt === 0,
      },
    ];
  } finally {
    await cluster.stop();
  }
}

export const recovery: Benchmark = { name: 'recovery', run };
