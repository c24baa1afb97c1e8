import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'an agent has never more than the capacity allows';

/** Counted in the tables while it went on, in the record afterwards, and in what the agents saw. */
export function* capacityKept(facts: Facts): Iterable<Breach> {
  for (const { agents, at } of facts.of('sampled')) {
    for (const { id, held, capacity } of agents) {
      if (held <= capacity) continue;
      yield { promise, evidence: `${facts.agentName(id)} held ${held} of ${capacity} at ${at}` };
    }
  }
  yield* heldInTurn(facts);
  for (const { who, view, at } of facts.seenByAgents) {
    const busyWith = [view.offer, view.call, view.wrapUp].filter((what) => what !== null);
    if (busyWith.length > 1) {
      yield { promise, evidence: `${who} was shown ${busyWith.length} things to do at ${at}` };
    }
  }
}

/** From the offer on until the call is queued again or over, an agent is busy with it. */
function* heldInTurn(facts: Facts): Iterable<Breach> {
  const changes: { readonly agentId: string; readonly at: number; readonly by: 1 | -1 }[] = [];
  for (const steps of facts.steps().values()) {
    let holder: string | null = null;
    for (const { to, agentId, at } of steps) {
      const next = to === 'queued' || to === 'ended' ? null : agentId;
      if (holder !== null && next !== holder) changes.push({ agentId: holder, at, by: -1 });
      if (next !== null && next !== holder) changes.push({ agentId: next, at, by: 1 });
      holder = next;
    }
  }
  const capacities = new Map(facts.record.agents.map(({ id, capacity }) => [id, capacity]));
  for (const [agentId, own] of groupBy(changes, (change) => change.agentId)) {
    let held = 0;
    // What was let go and what was taken in the same instant were taken in turn.
    for (const { at, by } of own.sort((a, b) => a.at - b.at || a.by - b.by)) {
      held += by;
      if (held > (capacities.get(agentId) ?? 0)) {
        yield { promise, evidence: `${facts.agentName(agentId)} was given ${held} calls at ${at}` };
      }
    }
  }
}
