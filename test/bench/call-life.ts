import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../support/fresh-data-directory.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { bullMq } from './call-life/bullmq.ts';
import { graphileWorker, pgBoss } from './call-life/job-queues.ts';
import { Lives } from './call-life/call-lives.ts';
import { median, type Benchmark, type Result } from './result.ts';

/** As many as the budget names. */
const CLIENTS = 16;
/** A site in a storm: all ask at once, and more of them go together in each statement. */
const CROWD = 64;
/** Each peer in turn, so often: whatever else the machine does, it does to all of them. */
const ROUNDS = 3;
const LIVES = 2_000;
const JOBS = 2_000;

type Store = { readonly databaseUrl: string } | { readonly dataDir: string };

/** Whole lives in a second, once those of a warm-up are over. */
async function ours(store: Store, clients: number): Promise<number> {
  const nodeId = randomUUID();
  const db = await openDatabase({ dataDir: '', ...store, nodeId, connections: CLIENTS });
  try {
    // More agents than there are calls at a time, so that no call ever waits for one.
    const lives = await Lives.begin(db, nodeId, 2 * clients);
    await lives.run(LIVES / 4, clients);
    // As autovacuum does within a minute: a plan made for empty tables is nobody's daily life.
    await db.query('analyze');
    const ms = await lives.run(LIVES, clients);
    await lives.stop();
    return (LIVES / ms) * 1_000;
  } finally {
    await db.close();
  }
}

async function onPglite(): Promise<number> {
  const directory = await freshDataDirectory();
  try {
    return await ours({ dataDir: directory.dataDir }, CLIENTS);
  } finally {
    await directory.remove();
  }
}

/** Each measured on an empty database of its own, on one server. */
async function onPostgres(measures: Readonly<Record<string, (url: string) => Promise<number>>>) {
  const server = await startPostgres();
  const client = new pg.Client({ connectionString: `${server.address}postgres` });
  const rates = new Map<string, number[]>();
  try {
    await client.connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, measure] of Object.entries(measures)) {
        const database = `${name}_${round}`;
        await client.query(`create database ${database}`);
        rates.set(name, [...(rates.get(name) ?? []), await measure(server.address + database)]);
        await client.query(`drop database ${database}`);
      }
    }
  } finally {
    await client.end();
    await server.stop();
  }
  return (name: string): number => median(rates.get(name) ?? []);
}

async function measure(): Promise<Result[]> {
  const results: Result[] = [];
  for (const clients of [CLIENTS, CROWD]) {
    const load = { jobs: JOBS, clients };
    const rate = await onPostgres({
      ours: (databaseUrl) => ours({ databaseUrl }, clients),
      graphile: (url) => graphileWorker(url, load),
      boss: (url) => pgBoss(url, load),
    });
    const bull = await bullMq(load);
    const own = rate('ours');
    const beside = (value: number, store: string): Omit<Result, 'budget' | 'ok'> => ({
      name: `whole lives of calls, ${store}, ${clients} clients`,
      value,
      unit: '/s',
      peers: {
        'graphile-worker add + run': rate('graphile'),
        'pg-boss add + run': rate('boss'),
        ...(bull === null ? {} : { 'BullMQ on Redis add + run': bull }),
      },
      ratio: value / rate('graphile'),
      ...(bull === null ? { absent: ['BullMQ on Redis'] } : {}),
    });
    const bound = clients === CLIENTS;
    results.push({
      ...beside(own, 'PostgreSQL'),
      budget: bound ? '≥ 2 × graphile-worker, and ≥ 1,000/s' : 'none set',
      ok: !bound || (own >= 2 * rate('graphile') && own >= 1_000),
    });
    if (bound)
      results.push({ ...beside(await onPglite(), 'PGlite'), budget: 'none set', ok: true });
  }
  return results;
}

export const callLife: Benchmark = { name: 'call-life', run: measure };
