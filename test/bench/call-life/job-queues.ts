import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import PgBoss from 'pg-boss';

/** The number of jobs, and of clients at a time. */
export interface Load {
  readonly jobs: number;
  readonly clients: number;
}

/** Calls `work` once for each job, by `clients` at a time. Answers with the ms. */
export async function clientsAtOnce(
  { jobs, clients }: Load,
  work: () => Promise<unknown>,
): Promise<number> {
  let left = jobs;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (left-- > 0) await work();
    }),
  );
  return performance.now() - started;
}

/** `done` resolves after `jobs` calls of `tick`. */
export function countDown(jobs: number): { readonly done: Promise<void>; tick(): void } {
  let left = jobs;
  let finish: () => void;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, tick: () => void (--left === 0 && finish()) };
}

/** graphile-worker: adds jobs one by one, then runs them. Answers with jobs/s over both. */
export async function graphileWorker(url: string, load: Load): Promise<number> {
  const connection = {
    connectionString: url,
    maxPoolSize: load.clients,
    logger: new Logger(() => () => {}),
  };
  const utils = await makeWorkerUtils(connection);
  await utils.migrate();
  const adding = await clientsAtOnce(load, () => utils.addJob('nothing', { device: 'METER-0042' }));
  // The desk's tables are analyzed too.
  await utils.withPgClient((client) => client.query('analyze'));
  await utils.release();
  const { done, tick } = countDown(load.jobs);
  const started = performance.now();
  const runner = await run({
    ...connection,
    concurrency: load.clients,
    noHandleSignals: true,
    taskList: { nothing: tick },
  });
  await done;
  const running = performance.now() - started;
  await runner.stop();
  return (load.jobs / (adding + running)) * 1000;
}

/** pg-boss: sends jobs one by one, then fetches and completes them one by one. Answers with jobs/s over both. */
export async function pgBoss(url: string, load: Load): Promise<number> {
  const boss = new PgBoss({ connectionString: url, max: load.clients, supervise: false });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  await boss.createQueue('nothing');
  const adding = await clientsAtOnce(load, () => boss.send('nothing', { device: 'METER-0042' }));
  const running = await clientsAtOnce(load, async () => {
    const [job] = await boss.fetch('nothing');
    if (!job) throw new Error('pg-boss lost a job');
    await boss.complete('nothing', job.id);
  });
  await boss.stop({ graceful: false });
  return (load.jobs / (adding + running)) * 1000;
}
