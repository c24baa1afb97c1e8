import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { resumeHash } from '../../src/server/sockets/resume-hash.ts';
import type { BareNodeJobs } from './bare-server.ts';
import { DeskCluster } from './desk-cluster.ts';
import type { HoldersJobs, Waiting } from './load/open-sockets.ts';
import type { Benchmark, Result } from './result.ts';

const SOCKETS = 10_000;
/** The default limit of a site's queue. */
const QUEUE = 500;
const BUDGET = 15_000;
/** Held before the counting begins: what a process has in reserve at its start would hide the first ones. */
const FIRST = 2_000;
/** Long enough for each socket to be pinged, and for the views to be read again three times. */
const HELD = 15_000;

interface Held {
  /** Bytes of memory for each socket: what the process grows by from the first 2,000 to all. */
  readonly bytes: number;
  /** p99 of the event loop's delay while they are held; in ms. */
  readonly delay: number;
}

/** Calls that wait already, as after a reconnect of everyone at once: their visitors come with a resume token. */
async function queueUp(cluster: DeskCluster): Promise<Waiting[]> {
  const people: Waiting[] = [];
  for (let i = 0; i < SOCKETS; i += QUEUE) {
    const { id: site } = await cluster.site(0);
    const resumes = Array.from({ length: QUEUE }, () => randomBytes(32).toString('base64url'));
    await cluster.database.query(
      `insert into calls (site_id, group_id, visitor_name, params, resume_hash)
       select $1, 'pre-sales', 'Visitor', '{"device": "METER-0042"}', h from unnest($2::bytea[]) h`,
      [site, resumes.map((resume) => resumeHash(resume))],
    );
    people.push(...resumes.map((resume) => ({ site, resume })));
  }
  return people;
}

async function ours(): Promise<Held> {
  const cluster = await DeskCluster.start(1);
  try {
    const people = await queueUp(cluster);
    const [node] = cluster.nodes;
    const [server = ''] = cluster.urls;
    const holders = cluster.child<HoldersJobs>('./load/holders.ts');
    return await hold(node!, holders, (from, to) =>
      holders.ask('wait', { server, people: people.slice(from, to) }),
    );
  } finally {
    await cluster.stop();
  }
}

async function bare(): Promise<Held> {
  const cluster = await DeskCluster.start(0);
  try {
    const node = cluster.child<BareNodeJobs>('./bare-node.ts');
    const server = await node.ask('start');
    const holders = cluster.child<HoldersJobs>('./load/holders.ts');
    return await hold(node, holders, (from, to) =>
      holders.ask('hold', { server, count: to - from }),
    );
  } finally {
    await cluster.stop();
  }
}

async function hold(
  node: { ask(job: 'memory' | 'delay'): Promise<number> },
  holders: { ask(job: 'count'): Promise<number> },
  open: (from: number, to: number) => Promise<unknown>,
): Promise<Held> {
  await open(0, FIRST);
  const before = await node.ask('memory');
  await open(FIRST, SOCKETS);
  await node.ask('delay');
  await delay(HELD);
  const loop = await node.ask('delay');
  const count = await holders.ask('count');
  if (count !== SOCKETS) throw new Error(`${SOCKETS - count} sockets were lost`);
  const bytes = ((await node.ask('memory')) - before) / (SOCKETS - FIRST);
  return { bytes, delay: loop };
}

async function measure(): Promise<Result[]> {
  const peer = await bare();
  const own = await ours();
  return [
    {
      name: `memory of a socket, ${SOCKETS.toLocaleString('en')} visitors waiting in 20 queues`,
      value: own.bytes,
      unit: 'B',
      peers: { 'bare ws': peer.bytes },
      ratio: own.bytes / peer.bytes,
      budget: `≤ ${BUDGET.toLocaleString('en')} B`,
      ok: own.bytes <= BUDGET,
    },
    {
      name: 'event-loop delay meanwhile, p99',
      value: own.delay,
      unit: 'ms',
      peers: { 'bare ws': peer.delay },
      ratio: own.delay / peer.delay,
      budget: 'none set',
      ok: true,
    },
  ];
}

export const sockets: Benchmark = { name: 'sockets', run: measure };
