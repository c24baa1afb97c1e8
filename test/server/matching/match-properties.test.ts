import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { OfferReason } from '../../../src/protocol/offer-reason.ts';
import type { FreeAgent } from '../../../src/server/matching/free-agent.ts';
import { match, type Match, type MatchInput } from '../../../src/server/matching/match.ts';
import { RoutingRules } from '../../../src/server/matching/rules.ts';
import { anySite, NOW } from './any-site.ts';
import { goesBefore, RoutingOracle } from './routing-oracle.ts';

type Site = Required<MatchInput>;

const ajv = new Ajv();
const isReason = ajv.compile(OfferReason);
const areRules = ajv.compile(RoutingRules);

const always = (holds: (site: Site) => void): void =>
  fc.assert(fc.property(anySite, holds), { numRuns: 1_000 });

const ids = (matches: readonly Match[]) =>
  matches.map(({ call, agent }) => `${call.id} → ${agent.id}`);

/** Each call in its order, with the agents who are free and who are busy when its turn comes. */
function* turns(site: Site, matches: readonly Match[]) {
  const oracle = new RoutingOracle(site);
  const calls = [...site.calls].sort((a, b) =>
    goesBefore(oracle.callRank(a), oracle.callRank(b)) ? -1 : 1,
  );
  let free: readonly FreeAgent[] = site.agents;
  let busy = site.busyAgents;
  for (const call of calls) {
    const chosen = matches.find((one) => one.call.id === call.id)?.agent ?? null;
    yield { oracle, call, chosen, free, busy };
    if (chosen) {
      free = free.filter(({ id }) => id !== chosen.id);
      busy = [...busy, chosen];
    }
  }
}

describe('match, for any site', () => {
  it('gives no agent two calls, and no call two agents', () => {
    always((site) => {
      const matches = match(site);
      assert.equal(new Set(matches.map(({ call }) => call.id)).size, matches.length);
      assert.equal(new Set(matches.map(({ agent }) => agent.id)).size, matches.length);
    });
  });

  it('gives calls only to free agents whom rings and refusals allow', () => {
    always((site) => {
      const oracle = new RoutingOracle(site);
      for (const { call, agent } of match(site)) {
        assert.ok(site.calls.includes(call));
        assert.ok(site.agents.includes(agent));
        assert.ok(oracle.allows(call, agent));
      }
    });
  });

  it('never gives a call to an agent who declined it less than 60 s ago', () => {
    always((site) => {
      for (const { call, agent } of match(site)) {
        for (const { agentId, at, kind } of call.refusals) {
          assert.ok(agentId !== agent.id || kind !== 'declined' || NOW - at >= 60_000);
        }
      }
    });
  });

  it('leaves a call waiting only if no free agent may have it, or it is kept for its last agent', () => {
    always((site) => {
      for (const { oracle, call, chosen, free, busy } of turns(site, match(site))) {
        if (oracle.isHeldBack(call, busy)) assert.equal(chosen, null);
        else
          assert.equal(
            chosen !== null,
            free.some((agent) => oracle.allows(call, agent)),
          );
      }
    });
  });

  it('gives no call an agent whom a call before it waits for', () => {
    always((site) => {
      const waiting: Parameters<RoutingOracle['allows']>[0][] = [];
      for (const { oracle, call, chosen, busy } of turns(site, match(site))) {
        if (!chosen && !oracle.isHeldBack(call, busy)) waiting.push(call);
        if (chosen) assert.ok(!waiting.some((before) => oracle.allows(before, chosen)));
      }
    });
  });

  it('leaves no agent idle for whom an allowed call waits', () => {
    always((site) => {
      const matches = match(site);
      const idle = site.agents.filter((agent) => !matches.some((one) => one.agent === agent));
      for (const { oracle, call, chosen, busy } of turns(site, matches)) {
        if (chosen || oracle.isHeldBack(call, busy)) continue;
        assert.ok(!idle.some((agent) => oracle.allows(call, agent)));
      }
    });
  });

  it('gives each call the first of its agents who is still free', () => {
    always((site) => {
      for (const { oracle, call, chosen, free } of turns(site, match(site))) {
        if (!chosen) continue;
        const rank = oracle.agentRank(call, chosen);
        const better = free.filter(
          (agent) => oracle.allows(call, agent) && goesBefore(oracle.agentRank(call, agent), rank),
        );
        assert.deepEqual(better, []);
      }
    });
  });

  it('answers the same for the same input in another order', () => {
    always((site) => {
      const turned = {
        ...site,
        calls: site.calls.toReversed(),
        agents: site.agents.toReversed(),
        busyAgents: site.busyAgents.toReversed(),
      };
      assert.deepEqual(match(turned), match(site));
    });
  });

  it('never takes an allowed agent from a call as time passes', () => {
    fc.assert(
      fc.property(anySite, fc.nat(300_000), (site, ms) => {
        const later = new RoutingOracle({ ...site, now: site.now + ms });
        for (const { call, agent } of match(site)) {
          const alone = { ...site, calls: [call], agents: [agent], busyAgents: [] };
          assert.equal(match({ ...alone, now: site.now + ms }).length, 1);
          assert.ok(later.allows(call, agent));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('serves a call that is alone at any later time, once it can serve it', () => {
    fc.assert(
      fc.property(anySite, fc.nat(300_000), (site, ms) => {
        for (const call of site.calls) {
          const alone = { ...site, calls: [call] };
          const before = match(alone).length;
          assert.ok(match({ ...alone, now: site.now + ms }).length >= before);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves no matched call waiting when one more agent is free, if no last agent is preferred', () => {
    always((site) => {
      const rules = new Map([...site.rules].map(([id, { preferLast: _, ...rest }]) => [id, rest]));
      const all = match({ ...site, rules }).map(({ call }) => call.id);
      const fewer = match({ ...site, rules, agents: site.agents.slice(1) });
      for (const { call } of fewer) assert.ok(all.includes(call.id));
    });
  });

  it('gives each offer a reason that fits the schema, and names only others as passed over', () => {
    always((site) => {
      const people = new Set([...site.agents, ...site.busyAgents].map(({ id }) => id));
      for (const { agent, call, reason } of match(site)) {
        assert.ok(isReason(reason), JSON.stringify(reason));
        const passedOver = reason.params.passedOver.map(({ agentId }) => agentId);
        assert.ok(passedOver.every((id) => id !== agent.id && people.has(id)));
        assert.equal(
          reason.code === 'after-refusals',
          call.refusals.some(({ agentId }) => agentId === agent.id),
        );
        assert.equal(
          reason.params.ring === 0 ||
            ['ring', 'last-agent', 'after-refusals'].includes(reason.code),
          true,
        );
      }
    });
  });

  it('has met rules that fit the schema, matches, waiting calls and every code', () => {
    const codes = new Set<string>();
    let waiting = 0;
    always((site) => {
      for (const rules of site.rules.values()) assert.ok(areRules(rules));
      const matches = match(site);
      for (const { reason } of matches) codes.add(reason.code);
      waiting += site.calls.length - ids(matches).length;
    });
    assert.equal(codes.size, 6);
    assert.ok(waiting > 0);
  });
});
