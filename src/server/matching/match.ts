import type { RoutingReason } from '../../protocol/offer-reason.ts';
import { candidatesFor, compareCandidates, type Candidate } from './candidates.ts';
import { explainOffer } from './explain-offer.ts';
import type { BusyAgent, FreeAgent } from './free-agent.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

export interface MatchInput {
  /** Calls and agents of one site, in any order. */
  readonly calls: readonly WaitingCall[];
  readonly agents: readonly FreeAgent[];
  /** At least those of the visitors' last agents who are busy. */
  readonly busyAgents?: readonly BusyAgent[];
  /** By group id; a group without an entry has no rules. */
  readonly rules: ReadonlyMap<string, RoutingRules>;
  /** In ms. */
  readonly now: number;
}

/** A call and the agent to whom it is to be offered. */
export interface Match {
  readonly call: WaitingCall;
  readonly agent: FreeAgent;
  /** The group through which the agent may take the call. */
  readonly groupId: string;
  readonly reason: RoutingReason;
}

/**
 * Pairs waiting calls with free agents. It reads nothing but its input, and the order of the input does
 * not matter.
 *
 * The calls of all groups compete in one order (`inOrder`), because an agent may be in several groups.
 * Each takes the first of its candidates (`compareCandidates`) whom no call before it took. A call without
 * a candidate is left out, and keeps its place.
 */
export function match({ calls, agents, busyAgents = [], rules, now }: MatchInput): Match[] {
  const free = new Map(agents.map((agent) => [agent.id, agent]));
  const busy: FreeAgent[] = busyAgents.map((agent) => ({ ...agent, idleSince: now }));
  const matches: Match[] = [];
  for (const call of inOrder(calls, rules, now)) {
    if (free.size === 0) break;
    const groupRules = rules.get(call.groupId) ?? {};
    const busyCandidates = candidatesFor(call, busy, groupRules, now);
    if (waitsForLastAgent(call, groupRules, busyCandidates, now)) continue;
    const candidates = candidatesFor(call, free.values(), groupRules, now);
    const chosen = firstOf(candidates);
    if (!chosen) continue;
    const { agent, membership } = chosen;
    const { rulesVersion } = call;
    const reason = explainOffer({ chosen, rulesVersion, candidates, busy: busyCandidates }, now);
    matches.push({ call, agent, groupId: membership.groupId, reason });
    free.delete(agent.id);
    busy.push(agent);
  }
  return matches;
}

/** The order of the calls: the higher priority, the longer wait, the id. */
function inOrder(
  calls: readonly WaitingCall[],
  rules: MatchInput['rules'],
  now: number,
): WaitingCall[] {
  return calls
    .map((call) => ({ call, priority: grownPriority(call, rules.get(call.groupId) ?? {}, now) }))
    .sort(
      (a, b) =>
        b.priority - a.priority ||
        a.call.requestedAt - b.call.requestedAt ||
        (a.call.id < b.call.id ? -1 : 1),
    )
    .map(({ call }) => call);
}

/** A call's priority now. Growth never lowers the priority that the call came with. */
function grownPriority(
  { priority, requestedAt }: WaitingCall,
  { priorityGrowth }: RoutingRules,
  now: number,
): number {
  if (!priorityGrowth) return priority;
  const steps = Math.floor(Math.max(0, now - requestedAt) / (priorityGrowth.everySeconds * 1_000));
  return Math.max(priority, Math.min(priority + steps, priorityGrowth.upTo));
}

/**
 * Whether the call is offered to nobody for the moment, because its preferred agent is online but busy. The agent has to
 * belong to ring 0: a call that others could have had from the beginning does not begin to wait when a ring opens.
 */
function waitsForLastAgent(
  { requestedAt }: WaitingCall,
  { preferLast }: RoutingRules,
  busy: readonly Candidate[],
  now: number,
): boolean {
  if (!preferLast || now - requestedAt >= preferLast.seconds * 1_000) return false;
  return busy.some(({ preferred, refusal, ring }) => preferred && !refusal && ring === 0);
}

function firstOf(candidates: readonly Candidate[]): Candidate | null {
  let first: Candidate | null = null;
  for (const candidate of candidates) {
    if (candidate.keptOut) continue;
    if (!first || compareCandidates(candidate, first) < 0) first = candidate;
  }
  return first;
}
