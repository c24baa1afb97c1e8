import type { AgentStatus, ChosenStatus } from '../../protocol/views.ts';

/** What an agent's status follows from. Times in ms since 1970. */
export interface StatusFacts {
  readonly chosen: ChosenStatus | 'away';
  readonly chosenSince: number;
  readonly ringingSince: number | null;
  readonly busySince: number | null;
  readonly wrapUpSince: number | null;
}

/** A call outweighs an offer, an offer the wrap-up, and the wrap-up what the agent chose. */
export function agentStatus(facts: StatusFacts): { status: AgentStatus; since: number } {
  if (facts.busySince !== null) return { status: 'busy', since: facts.busySince };
  if (facts.ringingSince !== null) return { status: 'ringing', since: facts.ringingSince };
  if (facts.wrapUpSince !== null) return { status: 'wrap-up', since: facts.wrapUpSince };
  return { status: facts.chosen, since: facts.chosenSince };
}
