import { monitorEventLoopDelay } from 'node:perf_hooks';

const loop = monitorEventLoopDelay({ resolution: 10 });
loop.enable();

/** Jobs that measure the child process they run in. */
export const processMetrics = {
  /** Resident memory after a garbage collection; in bytes. */
  memory(): number {
    for (let round = 0; round < 3; round += 1) globalThis.gc?.();
    return process.memoryUsage.rss();
  },
  /** Time of the CPU since the start of the process; in ms. */
  cpu(): number {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  /** p99 of the event loop's delay since the last call of this job; in ms. */
  delay(): number {
    const p99 = loop.percentile(99) / 1e6;
    loop.reset();
    return p99;
  },
};
