import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'an agent has one active leg at most';

/** In the samples of the tables, in the legs afterwards, and in what the agents saw. */
export function* capacityKept(facts: Facts): Iterable<Breach> {
  for (const { agents, at } of facts.of('sampled')) {
    for (const { id, activeLegs } of agents) {
      if (activeLegs <= 1) continue;
      yield { promise, evidence: `${facts.agentName(id)} had ${activeLegs} active legs at ${at}` };
    }
  }
  yield* legsInTurn(facts);
  for (const { who, view, at } of facts.seenByAgents) {
    if (view.legs.length > 1) {
      yield { promise, evidence: `${who} was shown ${view.legs.length} legs at ${at}` };
    }
  }
}

/** A leg is active from the offer until it was left or closed. The next one begins afterwards. */
function* legsInTurn(facts: Facts): Iterable<Breach> {
  for (const [agentId, legs] of groupBy(facts.record.legs, (leg) => leg.agentId)) {
    const inOrder = [...legs].sort((a, b) => a.offeredAt - b.offeredAt);
    for (const [index, { id, leftAt, closedAt }] of inOrder.entries()) {
      const next = inOrder[index + 1];
      if (next && next.offeredAt < (leftAt ?? closedAt ?? Infinity)) {
        yield {
          promise,
          evidence: `${facts.agentName(agentId)} was offered ${next.id} while ${id} was active`,
        };
      }
    }
  }
}
