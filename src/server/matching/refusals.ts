/** What became of an earlier offer of the same call, whose agent did not serve it. */
export interface Refusal {
  readonly agentId: string;
  /** In ms. */
  readonly at: number;
  readonly kind: 'declined' | 'missed' | 'withdrawn';
}

/**
 * For how long a refusal keeps its agent out of that call. A decline is a decision. A missed or withdrawn
 * offer may mean that the agent left the desk for a moment, so a visitor who has only that agent waits less.
 */
const KEPT_OUT_MS: Readonly<Record<Refusal['kind'], number>> = {
  declined: 60_000,
  missed: 10_000,
  withdrawn: 10_000,
};

/** An agent's newest refusal of a call, or null. */
export function lastRefusal(refusals: readonly Refusal[], agentId: string): Refusal | null {
  let last: Refusal | null = null;
  for (const refusal of refusals) {
    if (refusal.agentId === agentId && !(last && last.at >= refusal.at)) last = refusal;
  }
  return last;
}

/** Whether an agent's refusals still keep that agent out of the call. */
export function isKeptOut(refusals: readonly Refusal[], agentId: string, now: number): boolean {
  return refusals.some(
    ({ agentId: by, at, kind }) => by === agentId && now - at < KEPT_OUT_MS[kind],
  );
}
