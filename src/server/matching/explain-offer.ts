import { MAX_PASSED_OVER, type RoutingReason } from '../../protocol/offer-reason.ts';
import { compareByRules, type Candidate } from './candidates.ts';

/** The choice of an agent for a call. */
interface Choice {
  readonly chosen: Candidate;
  /** Of the call's own group. */
  readonly rulesVersion: number;
  /** The candidates among the free agents, the chosen one and those who are kept out included. */
  readonly candidates: readonly Candidate[];
  /** The candidates among the known busy agents. */
  readonly busy: readonly Candidate[];
}

/** Says why an offer goes to the chosen agent. */
export function explainOffer(choice: Choice, now: number): RoutingReason {
  const { chosen, candidates, rulesVersion } = choice;
  const { agent, membership, ring } = chosen;
  const rivals = candidates.filter(
    (other) =>
      !other.keptOut &&
      other.ring === ring &&
      (other.refusal === null) === (chosen.refusal === null),
  );
  return {
    code: codeOf(chosen, rivals),
    params: {
      group: membership.groupName,
      rulesVersion,
      idleSeconds: Math.max(0, Math.floor((now - agent.idleSince) / 1_000)),
      level: membership.level,
      ring,
      candidates: rivals.length,
      passedOver: passedOver(choice),
    },
  };
}

/** `rivals` include the chosen candidate. */
function codeOf(chosen: Candidate, rivals: readonly Candidate[]): RoutingReason['code'] {
  if (chosen.refusal) return 'after-refusals';
  if (chosen.preferred) return 'last-agent';
  if (chosen.ring > 0) return 'ring';
  if (rivals.length === 1) return 'only-one-free';
  const equals = rivals.filter(({ membership }) => membership.level === chosen.membership.level);
  return equals.length === 1 ? 'best-level' : 'longest-idle';
}

/** Those who would have come before the chosen one, but for a refusal or because they are busy. */
function passedOver({ chosen, candidates, busy }: Choice): RoutingReason['params']['passedOver'] {
  const before = (candidate: Candidate) =>
    candidate !== chosen && compareByRules(candidate, chosen) < 0;
  const refused = candidates.filter(before).flatMap((candidate) => {
    const code = candidate.refusal?.kind;
    return code ? [{ candidate, code }] : [];
  });
  const occupied = busy.filter(before).map((candidate) => ({ candidate, code: 'busy' as const }));
  return [...refused, ...occupied]
    .sort((a, b) => compareByRules(a.candidate, b.candidate))
    .slice(0, MAX_PASSED_OVER)
    .map(({ candidate, code }) => ({ agentId: candidate.agent.id, code }));
}
