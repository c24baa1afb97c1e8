/** The load of the benchmarks over sockets, as a process of its own: visitors, agents, and a clock. */
import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { answerJobs } from '../child.ts';
import { Agent } from './agent.ts';
import { atRate, percentile } from './rate.ts';
import { Visitor } from './visitor.ts';

export interface People {
  readonly servers: readonly string[];
  readonly site: string;
  readonly agentTokens: readonly string[];
  readonly visitors: number;
}

export interface Spell {
  /** Calls begun in a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface SpellReport {
  /** Whole calls, to their end, in a second. */
  readonly perSecond: number;
  /** From the request's sending to the agent's receiving of the offer; in ms. */
  readonly p50: number;
  readonly p99: number;
  /** Calls that nobody could begin, because every visitor was in one. */
  readonly unbegun: number;
  /** Calls that did not go their whole way: refused, or ended otherwise than by the agent after they met. */
  readonly hurt: number;
}

/** What is begun may take this long to end, before it counts as hurt; ms. */
const PATIENCE = 20_000;

let agents: Agent[] = [];
let visitors: Visitor[] = [];
const sent = new Map<string, number>();
let offered: number[] = [];
let calls = 0;
let servedAgain: Promise<number> | null = null;

const jobs = {
  /** Resolves when everybody is online. */
  async gather({ servers, site, agentTokens, visitors: count }: People): Promise<void> {
    agents = agentTokens.map((token) => new Agent(servers, token, noteOffer));
    visitors = Array.from({ length: count }, () => new Visitor(servers, site));
    await waitUntil('everybody is online', () =>
      [...agents, ...visitors].every(({ client }) => client.getSnapshot().state === 'online'),
    );
    await waitUntil('the agents are available', () =>
      agents.every(({ client }) => client.getSnapshot().view?.status === 'available'),
    );
  },

  async call({ rate, seconds }: Spell): Promise<SpellReport> {
    offered = [];
    let [whole, hurt, unbegun] = [0, 0, 0];
    const running = new Set<Promise<void>>();
    const started = performance.now();
    await atRate(rate, seconds, () => {
      const visitor = visitors.find(({ free }) => free);
      if (!visitor) {
        unbegun += 1;
        return;
      }
      // Round and round, so that no socket sends more than its share.
      visitors.splice(visitors.indexOf(visitor), 1);
      visitors.push(visitor);
      const name = `visitor ${(calls += 1)}`;
      sent.set(name, performance.now());
      const life = visitor
        .call(name)
        .then(({ reason }) => {
          if (reason === 'agent-ended') whole += 1;
          else hurt += 1;
        })
        .catch(() => void (hurt += 1))
        .finally(() => running.delete(life));
      running.add(life);
    });
    const patience = new AbortController();
    await Promise.race([
      Promise.all(running),
      delay(PATIENCE, null, { signal: patience.signal }).catch(() => undefined),
    ]);
    patience.abort();
    return {
      perSecond: (whole / (performance.now() - started)) * 1_000,
      p50: percentile(offered, 0.5),
      p99: percentile(offered, 0.99),
      unbegun,
      hurt: hurt + running.size,
    };
  },

  /** From now on: who loses their socket, and when the last of them is served again. */
  watch(): void {
    servedAgain = lastServedAgain();
  },

  /** How long the last one was away that lost a socket since `watch`; in ms. */
  async away(): Promise<number> {
    return (await servedAgain) ?? Number.NaN;
  },
};

function noteOffer(name: string): void {
  const at = sent.get(name);
  sent.delete(name);
  if (at !== undefined) offered.push(performance.now() - at);
}

/** From the first socket's loss until everybody who lost one is welcomed and has a snapshot of the new one. */
function lastServedAgain(): Promise<number> {
  const away = new Set<object>();
  let lost: number | null = null;
  return new Promise((resolve) => {
    for (const { client } of [...agents, ...visitors]) {
      let before = client.getSnapshot();
      client.subscribe(() => {
        const now = client.getSnapshot();
        if (now.state !== 'online') {
          away.add(client);
          lost ??= performance.now();
        } else if (away.has(client) && now.view !== before.view) {
          away.delete(client);
          if (away.size === 0 && lost !== null) resolve(performance.now() - lost);
        }
        before = now;
      });
    }
  });
}

export type CallersJobs = typeof jobs;
answerJobs(jobs);
