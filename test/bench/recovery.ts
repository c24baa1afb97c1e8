import { setTimeout as delay } from 'node:timers/promises';
import { DeskCluster } from './desk-cluster.ts';
import { gatherCallers } from './start-callers.ts';
import type { Benchmark, Result } from './result.ts';

const RATE = 200;
/** Until a dead node's people are taken for gone by the database takes 10 s; the calls go on for longer. */
const SECONDS = 20;
const KILL_AFTER = 4_000;

async function measure(): Promise<Result[]> {
  const cluster = await DeskCluster.start(2);
  try {
    const callers = await gatherCallers(cluster);
    await callers.ask('watch');
    const calling = callers.ask('call', { rate: RATE, seconds: SECONDS });
    await delay(KILL_AFTER);
    await cluster.nodes[1]?.kill();
    const away = await callers.ask('away');
    const { hurt } = await calling;
    return [
      {
        name: `kill -9 of one of two nodes at ${RATE} calls/s: its last client is served again after`,
        value: away,
        unit: 'ms',
        peers: {},
        ratio: null,
        budget: 'none set',
        ok: true,
      },
      {
        name: `the same: calls hurt`,
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

export const recovery: Benchmark = { name: 'recovery', run: measure };
