import { MAX_PASSED_OVER, type OfferReason } from '../../protocol/offer-reason.ts';
import { compareByRules, type Candidate } from './candidates.ts';

export interface Decision {
  readonly chosen: Candidate;
  /** The free agents in the call's rings, in their order, without those who are kept out. `chosen` is the first. */
  readonly eligible: readonly Candidate[];
  /** The free agents in the call's rings who are kept out by a refusal. */
  readonly keptOut: readonly Candidate[];
  /** Known agents in the call's rings who are busy. */
  readonly busy: readonly Candidate[];
}

/** Says why an offer goes to the chosen agent. */
export function explainOffer(decision: Decision, now: number): OfferReason {
  const { chosen, eligible } = decision;
  const { group, ring, level, agent } = chosen;
  const rivals = eligible.filter(
    (other) => other.ring === ring && (other.refusal === null) === (chosen.refusal === null),
  );
  return {
    code: codeOf(chosen, rivals),
    params: {
      group,
      ring,
      candidates: rivals.length,
      idleSeconds: Math.max(0, Math.floor((now - agent.idleSince) / 1_000)),
      level,
      passedOver: passedOver(decision),
    },
  };
}

/** `rivals` are in their order and include the chosen one. */
function codeOf(chosen: Candidate, rivals: readonly Candidate[]): OfferReason['code'] {
  if (chosen.refusal) return 'after-refusals';
  if (chosen.preferred) return 'last-agent';
  if (chosen.ring > 0) return 'ring';
  if (rivals.length === 1) return 'only-one-free';
  return rivals[1]?.level === chosen.level ? 'longest-idle' : 'best-level';
}

/** Those who would have come before the chosen one but for a refusal, or because they are busy. */
function passedOver({
  chosen,
  eligible,
  keptOut,
  busy,
}: Decision): OfferReason['params']['passedOver'] {
  const reasons = [
    ...[...eligible, ...keptOut].map((candidate) => ({ candidate, code: candidate.refusal?.kind })),
    ...busy.map((candidate) => ({ candidate, code: 'busy' as const })),
  ];
  return reasons
    .filter(({ candidate }) => compareByRules(candidate, chosen) < 0)
    .sort((a, b) => compareByRules(a.candidate, b.candidate))
    .slice(0, MAX_PASSED_OVER)
    .flatMap(({ candidate, code }) => (code ? [{ agentId: candidate.agent.id, code }] : []));
}
