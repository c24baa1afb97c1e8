import type { BusyAgent } from './free-agent.ts';
import { isKeptOut, lastRefusal, type Refusal } from './refusals.ts';
import { admit, openRings, type Admission } from './rings.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

/** An agent whom a ring of a call admits. */
export interface Candidate<A extends BusyAgent> extends Admission {
  readonly agent: A;
  /** The agent's newest refusal of this call. */
  readonly refusal: Refusal | null;
  /** Whether a refusal was so recent that the agent may not have the call yet. */
  readonly keptOut: boolean;
  /** Whether the agent is the visitor's last one, and the rules prefer that. */
  readonly preferred: boolean;
}

/** Those of the agents whom a ring of the call admits, whether or not they refused it. */
export function candidatesFor<A extends BusyAgent>(
  call: WaitingCall,
  agents: Iterable<A>,
  rules: RoutingRules,
  now: number,
): Candidate<A>[] {
  const rings = openRings(call, rules, now);
  const candidates: Candidate<A>[] = [];
  for (const agent of agents) {
    const admission = admit(agent.memberships, rings);
    if (!admission) continue;
    candidates.push({
      agent,
      ring: admission.ring,
      membership: admission.membership,
      refusal: lastRefusal(call.refusals, agent.id),
      keptOut: isKeptOut(call.refusals, agent.id, now),
      preferred: rules.preferLast !== undefined && call.visitorLastAgent === agent.id,
    });
  }
  return candidates;
}
