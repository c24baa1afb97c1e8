import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../support/fresh-data-directory.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { bullMq } from './call-life/bullmq.ts';
import { CallRunner } from './call-life/call-runner.ts';
import { graphileWorker, pgBoss } from './call-life/job-queues.ts';
import { median, type Benchmark, type Result } from './result.ts';

/** Clients at a time, and the smallest ratio to graphile-worker that the budget allows. */
const LOADS = [
  { clients: 16, minRatio: 0.8 },
  { clients: 64, minRatio: 1.5 },
];
const MIN_CALLS_PER_SECOND = 700;
/** Connections to the database, for any number of clients. */
const CONNECTIONS = 16;
/** Each peer is measured so often, in turn, so that other load on the machine concerns all of them. */
const ROUNDS = 3;
const CALLS = 2_000;
const JOBS = 2_000;

type Store = { readonly databaseUrl: string } | { readonly dataDir: string };

/** Whole calls in a second, measured after a warm-up. */
async function callsPerSecond(store: Store, clients: number): Promise<number> {
  const nodeId = randomUUID();
  const db = await openDatabase({ dataDir: '', ...store, nodeId, connections: CONNECTIONS });
  try {
    // There are more agents than calls at a time, so that no call waits for an agent.
    const runner = await CallRunner.start(db, nodeId, 2 * clients);
    await runner.run(CALLS / 4, clients);
    // Autovacuum analyzes the tables within a minute. Without it the plans are those of empty tables.
    await db.query('analyze');
    const ms = await runner.run(CALLS, clients);
    await runner.stop();
    return (CALLS / ms) * 1_000;
  } finally {
    await db.close();
  }
}

async function callsPerSecondOnPglite(clients: number): Promise<number> {
  const directory = await freshDataDirectory();
  try {
    return await callsPerSecond({ dataDir: directory.dataDir }, clients);
  } finally {
    await directory.remove();
  }
}

/** Runs each measurement on its own empty database, all on one server. Answers with the median of each. */
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

async function run(): Promise<Result[]> {
  const results: Result[] = [];
  for (const { clients, minRatio } of LOADS) {
    const load = { jobs: JOBS, clients };
    const rate = await onPostgres({
      calls: (databaseUrl) => callsPerSecond({ databaseUrl }, clients),
      graphile: (url) => graphileWorker(url, load),
      boss: (url) => pgBoss(url, load),
    });
    const bull = await bullMq(load);
    const result = (value: number, store: string): Omit<Result, 'budget' | 'ok'> => ({
      name: `a call’s whole life, ${store}, ${clients} clients`,
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
    const calls = rate('calls');
    results.push({
      ...result(calls, 'PostgreSQL'),
      budget: `≥ ${minRatio} × graphile-worker, and ≥ ${MIN_CALLS_PER_SECOND}/s`,
      ok: calls >= minRatio * rate('graphile') && calls >= MIN_CALLS_PER_SECOND,
    });
    if (clients === 16) {
      const onPglite = await callsPerSecondOnPglite(clients);
      results.push({ ...result(onPglite, 'PGlite'), budget: 'none set', ok: true });
    }
  }
  return results;
}

export const callLife: Benchmark = { name: 'call-life', run };
