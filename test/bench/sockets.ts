import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { resumeHash } from '../../src/server/calls/resume-call.ts';
import type { BareServerJobs } from './bare-server.ts';
import { DeskCluster } from './desk-cluster.ts';
import type { OpenSocketsJobs, WaitingVisitor } from './load/open-sockets.ts';
import type { Benchmark, Result } from './result.ts';

const SOCKETS = 10_000;
/** The default limit of a site's queue. */
const QUEUE_LENGTH = 500;
const MAX_BYTES_PER_SOCKET = 15_000;
/** The first sockets are not counted: they may use memory that the process has in reserve. */
const UNCOUNTED_SOCKETS = 2_000;
/** Long enough that every socket is pinged, and every view is read again three times. */
const HOLD_MS = 15_000;

interface Measured {
  /** Memory of each counted socket, in bytes. */
  readonly bytes: number;
  /** p99 of the event loop's delay while the sockets are open; in ms. */
  readonly delay: number;
}

/** Calls that wait already, as after a reconnect of all visitors. Each visitor has the resume token of one. */
async function makeQueues(cluster: DeskCluster): Promise<WaitingVisitor[]> {
  const visitors: WaitingVisitor[] = [];
  for (let i = 0; i < SOCKETS; i += QUEUE_LENGTH) {
    const { id: site } = await cluster.site(0);
    const resumes = Array.from({ length: QUEUE_LENGTH }, () =>
      randomBytes(32).toString('base64url'),
    );
    await cluster.database.query(
      `with made as (
         insert into calls (site_id, group_id, visitor_name, params, resume_hash, event_count)
         select $1, 'pre-sales', 'Visitor', '{"device": "METER-0042"}', h, 2 from unnest($2::bytea[]) h
         returning id)
       insert into call_events (call_id, sequence, type, actor)
       select m.id, e.sequence, e.type, 'visitor'
         from made m cross join (values (1, 'created'), (2, 'queued')) e (sequence, type)`,
      [site, resumes.map((resume) => resumeHash(resume))],
    );
    visitors.push(...resumes.map((resume) => ({ site, resume })));
  }
  return visitors;
}

async function measureDesk(): Promise<Measured> {
  const cluster = await DeskCluster.start(1);
  try {
    const visitors = await makeQueues(cluster);
    const [node] = cluster.nodes;
    const [server = ''] = cluster.urls;
    const sockets = cluster.child<OpenSocketsJobs>('./load/open-sockets.ts');
    return await measure(node!, sockets, (from, to) =>
      sockets.ask('openVisitors', { server, visitors: visitors.slice(from, to) }),
    );
  } finally {
    await cluster.stop();
  }
}

async function measureBareServer(): Promise<Measured> {
  const cluster = await DeskCluster.start(0);
  try {
    const node = cluster.child<BareServerJobs>('./bare-server.ts');
    const server = await node.ask('start');
    const sockets = cluster.child<OpenSocketsJobs>('./load/open-sockets.ts');
    return await measure(node, sockets, (from, to) =>
      sockets.ask('openSilent', { server, count: to - from }),
    );
  } finally {
    await cluster.stop();
  }
}

async function measure(
  node: { ask(job: 'memory' | 'delay'): Promise<number> },
  sockets: { ask(job: 'count'): Promise<number> },
  open: (from: number, to: number) => Promise<unknown>,
): Promise<Measured> {
  await open(0, UNCOUNTED_SOCKETS);
  const before = await node.ask('memory');
  await open(UNCOUNTED_SOCKETS, SOCKETS);
  // The delay is counted from here on.
  await node.ask('delay');
  await delay(HOLD_MS);
  const loopDelay = await node.ask('delay');
  const count = await sockets.ask('count');
  if (count !== SOCKETS) throw new Error(`${SOCKETS - count} sockets were lost`);
  const bytes = ((await node.ask('memory')) - before) / (SOCKETS - UNCOUNTED_SOCKETS);
  return { bytes, delay: loopDelay };
}

async function run(): Promise<Result[]> {
  const peer = await measureBareServer();
  const desk = await measureDesk();
  const count = SOCKETS.toLocaleString('en');
  return [
    {
      name: `memory of a socket, ${count} visitors waiting in ${SOCKETS / QUEUE_LENGTH} queues`,
      value: desk.bytes,
      unit: 'B',
      peers: { 'bare ws': peer.bytes },
      ratio: desk.bytes / peer.bytes,
      budget: `≤ ${MAX_BYTES_PER_SOCKET.toLocaleString('en')} B`,
      ok: desk.bytes <= MAX_BYTES_PER_SOCKET,
    },
    {
      name: `event-loop delay with ${count} sockets, p99`,
      value: desk.delay,
      unit: 'ms',
      peers: { 'bare ws': peer.delay },
      ratio: desk.delay / peer.delay,
      budget: 'none set',
      ok: true,
    },
  ];
}

export const sockets: Benchmark = { name: 'sockets', run };
