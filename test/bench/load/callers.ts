/** The load of the benchmarks over sockets, as a child process: visitors, agents, and a clock. */
import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { answerJobs } from '../child.ts';
import { Agent } from './agent.ts';
import { atRate, percentile } from './rate.ts';
import { Visitor } from './visitor.ts';

export interface CallersSetup {
  readonly servers: readonly string[];
  readonly site: string;
  readonly agentTokens: readonly string[];
  readonly visitors: number;
}

export interface CallsReport {
  /** Whole calls, to their end, in a second. */
  readonly perSecond: number;
  /** From the sending of the request to the agent's receiving of the offer; in ms. */
  readonly p50: number;
  readonly p99: number;
  /** Calls that could not begin, because every visitor was in a call. */
  readonly notBegun: number;
  /** Calls that were refused, or did not end by the agent after both had met. */
  readonly hurt: number;
}

/** A call that has not ended by then counts as hurt. */
const CALL_TIMEOUT_MS = 20_000;

let agents: Agent[] = [];
let visitors: Visitor[] = [];
/** When each request was sent, by the visitor's name. */
const sent = new Map<string, number>();
let offerTimes: number[] = [];
let calls = 0;
let servedAgain: Promise<number> | null = null;

const jobs = {
  /** Resolves when all are online, and the agents are available. */
  async connect({ servers, site, agentTokens, visitors: count }: CallersSetup): Promise<void> {
    agents = agentTokens.map((token) => new Agent(servers, token, recordOffer));
    visitors = Array.from({ length: count }, () => new Visitor(servers, site));
    await waitUntil('all are online', () =>
      [...agents, ...visitors].every(({ client }) => client.getSnapshot().state === 'online'),
    );
    await waitUntil('the agents are available', () =>
      agents.every(({ client }) => client.getSnapshot().view?.status === 'available'),
    );
  },

  /** Begins `rate` calls a second, for so many seconds, and waits for their ends. */
  async call({
    rate,
    seconds,
  }: {
    readonly rate: number;
    readonly seconds: number;
  }): Promise<CallsReport> {
    offerTimes = [];
    let [whole, hurt, notBegun] = [0, 0, 0];
    const running = new Set<Promise<void>>();
    const started = performance.now();
    await atRate(rate, seconds, () => {
      const visitor = visitors.find(({ free }) => free);
      if (!visitor) {
        notBegun += 1;
        return;
      }
      // The visitors take turns, so that no socket reaches its rate limit.
      visitors.splice(visitors.indexOf(visitor), 1);
      visitors.push(visitor);
      const name = `visitor ${(calls += 1)}`;
      sent.set(name, performance.now());
      const call = visitor
        .call(name)
        .then(({ reason }) => {
          if (reason === 'agent-ended') whole += 1;
          else hurt += 1;
        })
        .catch(() => void (hurt += 1))
        .finally(() => running.delete(call));
      running.add(call);
    });
    const timeout = new AbortController();
    await Promise.race([
      Promise.all(running),
      delay(CALL_TIMEOUT_MS, null, { signal: timeout.signal }).catch(() => undefined),
    ]);
    timeout.abort();
    return {
      perSecond: (whole / (performance.now() - started)) * 1_000,
      p50: percentile(offerTimes, 0.5),
      p99: percentile(offerTimes, 0.99),
      notBegun,
      hurt: hurt + running.size,
    };
  },

  /** Watches from now on who loses the socket, and when the last of them is served again. */
  watch(): void {
    servedAgain = lastServedAgain();
  },

  /** The time from the first lost socket since `watch` until all are served again; in ms. */
  async away(): Promise<number> {
    return (await servedAgain) ?? Number.NaN;
  },
};

function recordOffer(name: string): void {
  const at = sent.get(name);
  sent.delete(name);
  if (at !== undefined) offerTimes.push(performance.now() - at);
}

/** From the first lost socket until all that lost one have a new snapshot. */
function lastServedAgain(): Promise<number> {
  const away = new Set<object>();
  let firstLost: number | null = null;
  return new Promise((resolve) => {
    for (const { client } of [...agents, ...visitors]) {
      let before = client.getSnapshot();
      client.subscribe(() => {
        const now = client.getSnapshot();
        if (now.state !== 'online') {
          away.add(client);
          firstLost ??= performance.now();
        } else if (away.has(client) && now.view !== before.view) {
          away.delete(client);
          if (away.size === 0 && firstLost !== null) resolve(performance.now() - firstLost);
        }
        before = now;
      });
    }
  });
}

export type CallersJobs = typeof jobs;
answerJobs(jobs);
