import type { AgentStatus, ChosenStatus, LegView } from '../../protocol/views.ts';

/** What an agent's status follows from. Times in ms since 1970. */
export interface StatusFacts {
  readonly chosen: ChosenStatus | 'away';
  readonly chosenSince: number;
  /** The agent's legs that are not closed. */
  readonly legs: readonly LegFacts[];
}

type LegFacts = Pick<LegView, 'kind' | 'state' | 'offeredAt' | 'acceptedAt'> & {
  readonly leftAt: number | null;
};

const STATUS_OF_LEG = {
  accepted: 'busy',
  joined: 'busy',
  offered: 'ringing',
  left: 'wrap-up',
} as const satisfies Record<LegView['state'], AgentStatus>;

/**
 * A call outweighs an offer, an offer the wrap-up, and the wrap-up what the agent chose. Monitoring makes nobody busy.
 */
export function agentStatus({ chosen, chosenSince, legs }: StatusFacts): {
  readonly status: AgentStatus;
  readonly since: number;
} {
  for (const status of ['busy', 'ringing', 'wrap-up'] as const) {
    const since = legs
      .filter(({ kind, state }) => kind !== 'monitor' && STATUS_OF_LEG[state] === status)
      .map((leg) => sinceOf(leg));
    if (since.length > 0) return { status, since: Math.min(...since) };
  }
  return { status: chosen, since: chosenSince };
}

function sinceOf({ state, offeredAt, acceptedAt, leftAt }: LegFacts): number {
  if (state === 'offered') return offeredAt;
  return (state === 'left' ? leftAt : acceptedAt) ?? offeredAt;
}
