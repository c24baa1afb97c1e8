import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../support/fresh-data-directory.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { bullMq } from './call-life/bullmq.ts';
import { graphileWorker, pgBoss } from './call-life/job-queues.ts';
import { Lives } from './call-life/lives.ts';
import { median, type Benchmark, type Result } from './result.ts';

const CLIENTS = 16;
/** More than there are calls at a time, so that no call ever waits for an agent. */
const AGENTS = 32;
/** Each peer in turn, so often: whatever else the machine does, it does to all of them. */
const ROUNDS = 3;
const LIVES = 2_000;
const JOBS = 2_000;

type Store = { readonly databaseUrl: string } | { readonly dataDir: string };

/** Whole lives in a second, once those of a warm-up are over. */
async function ours(store: Store): Promise<number> {
  const nodeId = randomUUID();
  const db = await openDatabase({ dataDir: '', ...store, nodeId, connections: CLIENTS });
  try {
    const lives = await Lives.begin(db, nodeId, AGENTS);
    await lives.run(LIVES / 4, CLIENTS);
    // As autovacuum does within a minute: a plan made for empty tables is nobody's daily life.
    await db.query('analyze');
    const ms = await lives.run(LIVES, CLIENTS);
    await lives.stop();
    return (LIVES / ms) * 1_000;
  } finally {
    await db.close();
  }
}

async function onPglite(): Promise<number> {
  const directory = await freshDataDirectory();
  try {
    return await ours({ dataDir: directory.dataDir });
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
  const load = { jobs: JOBS, clients: CLIENTS };
  const rate = await onPostgres({
    ours: (databaseUrl) => ours({ databaseUrl }),
    graphile: (url) => graphileWorker(url, load),
    boss: (url) => pgBoss(url, load),
  });
  const [own, graphile, boss] = [rate('ours'), rate('graphile'), rate('boss')];
  const bull = await bullMq(load);
  const pglite = await onPglite();
  const peers = {
    'graphile-worker add + run': graphile,
    'pg-boss add + run': boss,
    ...(bull === null ? {} : { 'BullMQ on Redis add + run': bull }),
  };
  return [
    {
      name: 'whole lives of calls, PostgreSQL, 16 clients',
      value: own,
      unit: '/s',
      peers,
      ratio: own / graphile,
      budget: '≥ 2 × graphile-worker, and ≥ 1,000/s',
      ok: own >= 2 * graphile && own >= 1_000,
      ...(bull === null ? { absent: ['BullMQ on Redis'] } : {}),
    },
    {
      name: 'whole lives of calls, PGlite, 16 clients',
      value: pglite,
      unit: '/s',
      peers,
      ratio: pglite / graphile,
      budget: 'none set',
      ok: true,
    },
  ];
}

export const callLife: Benchmark = { name: 'call-life', run: measure };
