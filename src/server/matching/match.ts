import type { OfferReason } from '../../protocol/offer-reason.ts';
import { candidatesFor, compareCandidates, type Candidate } from './candidates.ts';
import { explainOffer } from './explain-offer.ts';
import type { BusyAgent, FreeAgent } from './free-agent.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

export interface MatchInput {
  /** Calls and agents of one site, in any order. */
  readonly calls: readonly WaitingCall[];
  readonly agents: readonly FreeAgent[];
  /** At least those of the calls' last agents who are busy. */
  readonly busyAgents?: readonly BusyAgent[];
  /** By group id; a group without an entry has no rules. */
  readonly rules: ReadonlyMap<string, RoutingRules>;
  readonly now: number;
}

export interface Match {
  readonly call: WaitingCall;
  readonly agent: FreeAgent;
  readonly reason: OfferReason;
}

/**
 * Pairs waiting calls with free agents. It has no side effect, and the same input in any order has the
 * same result.
 *
 * The calls of all groups compete in one order (`inOrder`), because an agent may be in several groups. Each
 * takes the first of its candidates (`compareCandidates`) who is still free. A call that has no candidate
 * is left out, and keeps its place.
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
    const eligible = candidates.filter(({ keptOut }) => !keptOut).sort(compareCandidates);
    const chosen = eligible[0];
    if (!chosen) continue;
    const keptOut = candidates.filter((candidate) => candidate.keptOut);
    const reason = explainOffer({ chosen, eligible, keptOut, busy: busyCandidates }, now);
    matches.push({ call, agent: chosen.agent, reason });
    free.delete(chosen.agent.id);
    busy.push(chosen.agent);
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

/** Whether the call is still offered to nobody, because its preferred agent is online but busy. */
function waitsForLastAgent(
  { requestedAt }: WaitingCall,
  { preferLast }: RoutingRules,
  busy: readonly Candidate[],
  now: number,
): boolean {
  if (!preferLast || now - requestedAt >= preferLast.seconds * 1_000) return false;
  return busy.some(({ preferred, refusal }) => preferred && !refusal);
}
