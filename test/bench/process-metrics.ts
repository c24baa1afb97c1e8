import { monitorEventLoopDelay } from 'node:perf_hooks';

const loop = monitorEventLoopDelay({ resolution: 10 });
loop.enable();

/** How a server process of a benchmark is doing; jobs that the parent can ask for. */
export const vitals = {
  /** What it holds in memory once all that nobody needs has been let go; in bytes. */
  memory(): number {
    for (let round = 0; round < 3; round += 1) globalThis.gc?.();
    return process.memoryUsage.rss();
  },
  /** p99 of the event loop's delay since the last time; in ms. */
  delay(): number {
    const p99 = loop.percentile(99) / 1e6;
    loop.reset();
    return p99;
  },
};
