import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../../support/wait-until.ts';
import { freePort } from '../../support/free-port.ts';
import { clientsAtOnce, countDown, type Load } from './job-queues.ts';

/** The parts of two packages that are used here. They are not among the dependencies. */
interface BullMq {
  readonly Queue: new (
    name: string,
    options: object,
  ) => { add(name: string, data: object): Promise<unknown>; close(): Promise<void> };
  readonly Worker: new (
    name: string,
    work: () => Promise<void>,
    options: object,
  ) => { close(): Promise<void> };
}
interface IoRedis {
  readonly Redis: new (
    port: number,
    options: object,
  ) => { ping(): Promise<string>; disconnect(): void; on(event: 'error', heard: () => void): void };
}

/** BullMQ on Redis without persistence: jobs/s over adding and running. Null if one of them is not installed. */
export async function bullMq(load: Load): Promise<number | null> {
  const packages = await loadPackages();
  if (!packages) return null;
  const { bullmq, ioredis } = packages;
  const dir = mkdtempSync(join(tmpdir(), 'rtc-desk-redis-'));
  const port = await freePort();
  const server = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      dir,
    ],
    { stdio: 'ignore' },
  );
  const started = await Promise.race([
    once(server, 'spawn').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  try {
    if (!started) return null;
    const connection = new ioredis.Redis(port, { maxRetriesPerRequest: null });
    // It tries again by itself until Redis listens.
    connection.on('error', () => undefined);
    await waitUntil('Redis answers', async () => (await connection.ping()) === 'PONG');
    const queue = new bullmq.Queue('nothing', { connection });
    const adding = await clientsAtOnce(load, () => queue.add('nothing', { device: 'METER-0042' }));
    const { done, tick } = countDown(load.jobs);
    const begun = performance.now();
    const worker = new bullmq.Worker('nothing', async () => tick(), {
      connection: { host: '127.0.0.1', port, maxRetriesPerRequest: null },
      concurrency: load.clients,
    });
    await done;
    const running = performance.now() - begun;
    await worker.close();
    await queue.close();
    connection.disconnect();
    return (load.jobs / (adding + running)) * 1000;
  } finally {
    if (started) {
      const gone = once(server, 'exit');
      server.kill();
      await gone;
    }
    rmSync(dir, { recursive: true, force: true });
  }
}

async function loadPackages(): Promise<{ bullmq: BullMq; ioredis: IoRedis } | null> {
  try {
    const names = ['bullmq', 'ioredis'];
    const [bullmq, ioredis] = await Promise.all(names.map((name) => import(name)));
    return { bullmq: bullmq as BullMq, ioredis: ioredis as IoRedis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  }
}
