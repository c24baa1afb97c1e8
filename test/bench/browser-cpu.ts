import { readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';
import { descendantsOf } from '../support/processes.ts';

/** Of the fields in /proc/PID/stat, by Linux's `sysconf(_SC_CLK_TCK)`. */
const TICKS_A_SECOND = 100;

/** The time of the CPU that all processes of a browser have used, in seconds. Linux only. */
function cpuSeconds(browser: Browser): number {
  const { pid } = browser.process()!;
  const pids = [pid!, ...descendantsOf(pid!).map((one) => one.pid)];
  const ticks = pids.map((one) => {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, 'utf8');
      // The name of the program stands in brackets and may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0; // it has ended in this moment
    }
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_A_SECOND;
}

/** How much of a core the browser uses while `work` goes on, in percent. */
export async function coreShare(browser: Browser, work: () => Promise<unknown>): Promise<number> {
  const [begin, before] = [performance.now(), cpuSeconds(browser)];
  await work();
  const seconds = (performance.now() - begin) / 1_000;
  return (100 * (cpuSeconds(browser) - before)) / seconds;
}
