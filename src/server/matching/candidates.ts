import type { FreeAgent } from './free-agent.ts';
import { isKeptOut, lastRefusal, type Refusal } from './refusals.ts';
import { admit, openRings, type Admission } from './rings.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

/** An agent whom a ring of a call admits. */
export interface Candidate extends Admission {
  readonly agent: FreeAgent;
  /** The agent's newest refusal of this call. */
  readonly refusal: Refusal | null;
  /** Whether a refusal was so recent that the agent may not have the call yet. */
  readonly keptOut: boolean;
  /** Whether the agent is the visitor's last one, and the rules prefer that. */
  readonly preferred: boolean;
}

/** Those of the agents whom a ring of the call admits, whether or not they refused it. */
export function candidatesFor(
  call: WaitingCall,
  agents: Iterable<FreeAgent>,
  rules: RoutingRules,
  now: number,
): Candidate[] {
  const rings = openRings(call, rules, now);
  const candidates: Candidate[] = [];
  for (const agent of agents) {
    const admission = admit(agent.memberships, rings);
    if (!admission) continue;
    candidates.push({
      ring: admission.ring,
      membership: admission.membership,
      agent,
      refusal: lastRefusal(call.refusals, agent.id),
      keptOut: isKeptOut(call.refusals, agent.id, now),
      preferred: rules.preferLast !== undefined && call.visitorLastAgent === agent.id,
    });
  }
  return candidates;
}

/** The order of the candidates of one call: who has not refused it, then the oldest refusal, then the rules. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  if (!a.refusal || !b.refusal) {
    return Number(a.refusal !== null) - Number(b.refusal !== null) || compareByRules(a, b);
  }
  return a.refusal.at - b.refusal.at || compareByRules(a, b);
}

/** The order without refusals: the visitor's last agent, the earlier ring, the level, the longest idle, the id. */
export function compareByRules(a: Candidate, b: Candidate): number {
  return (
    Number(b.preferred) - Number(a.preferred) ||
    a.ring - b.ring ||
    a.membership.level - b.membership.level ||
    a.agent.idleSince - b.agent.idleSince ||
    (a.agent.id < b.agent.id ? -1 : 1)
  );
}
