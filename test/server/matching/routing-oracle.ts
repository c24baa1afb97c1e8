/** The rules of routing, written a second time and as plainly as possible, to judge what `match` answers. */
import type { BusyAgent, FreeAgent } from '../../../src/server/matching/free-agent.ts';
import type { MatchInput } from '../../../src/server/matching/match.ts';
import type { RoutingRules } from '../../../src/server/matching/rules.ts';
import type { WaitingCall } from '../../../src/server/matching/waiting-call.ts';

const KEPT_OUT_SECONDS = { declined: 60, missed: 10, withdrawn: 10 };

export class RoutingOracle {
  constructor(private readonly input: Pick<MatchInput, 'rules' | 'now'>) {}

  /** Whether rings and refusals let this agent have this call. */
  allows(call: WaitingCall, agent: BusyAgent): boolean {
    return this.place(call, agent) !== null && !this.keptOut(call, agent.id);
  }

  /** Where the call stands in the order of calls; the smaller tuple goes first. */
  callRank(call: WaitingCall): Rank {
    const { priorityGrowth: growth } = this.#rules(call);
    let priority = call.priority;
    for (let step = 1; growth && step * growth.everySeconds <= this.#waited(call); step += 1) {
      if (priority < growth.upTo) priority += 1;
    }
    return [-priority, call.requestedAt, call.id];
  }

  /** Where the agent stands among those who may have the call; the smaller tuple goes first. */
  agentRank(call: WaitingCall, agent: FreeAgent): Rank {
    const last = this.#rules(call).preferLast && call.visitorLastAgent === agent.id;
    const { ring, level } = this.place(call, agent) ?? { ring: Infinity, level: Infinity };
    const refusedAt = call.refusals
      .filter(({ agentId }) => agentId === agent.id)
      .map(({ at }) => at);
    return [
      Math.max(-Infinity, ...refusedAt),
      last ? 0 : 1,
      ring,
      level,
      agent.idleSince,
      agent.id,
    ];
  }

  /** Whether the call is still kept for its last agent, if `busy` are the busy agents. */
  isHeldBack(call: WaitingCall, busy: readonly BusyAgent[]): boolean {
    const { preferLast } = this.#rules(call);
    const last = busy.find(({ id }) => id === call.visitorLastAgent);
    return (
      preferLast !== undefined &&
      this.#waited(call) < preferLast.seconds &&
      last !== undefined &&
      this.place(call, last)?.ring === 0 &&
      !call.refusals.some(({ agentId }) => agentId === last.id)
    );
  }

  keptOut(call: WaitingCall, agentId: string): boolean {
    return call.refusals.some(
      (refusal) =>
        refusal.agentId === agentId &&
        this.input.now < refusal.at + KEPT_OUT_SECONDS[refusal.kind] * 1_000,
    );
  }

  /** The first ring that admits the agent, and the level that counts there. */
  place(call: WaitingCall, agent: BusyAgent): { ring: number; level: number } | null {
    const listed = [...(this.#rules(call).rings ?? [])].sort(
      (a, b) => a.afterSeconds - b.afterSeconds,
    );
    const rings =
      listed[0]?.afterSeconds === 0
        ? listed
        : [{ afterSeconds: 0 } as (typeof listed)[number], ...listed];
    const levels = new Map(agent.memberships.map(({ groupId, level }) => [groupId, level]));
    for (const [ring, { afterSeconds, groups = [], maxLevel = 5 }] of rings.entries()) {
      if (afterSeconds > 0 && this.#waited(call) < afterSeconds) continue;
      for (const group of [call.groupId, ...groups]) {
        const level = levels.get(group) ?? Infinity;
        if (level <= maxLevel) return { ring, level };
      }
    }
    return null;
  }

  #rules(call: WaitingCall): RoutingRules {
    return this.input.rules.get(call.groupId) ?? {};
  }

  /** In seconds. */
  #waited(call: WaitingCall): number {
    return (this.input.now - call.requestedAt) / 1_000;
  }
}

type Rank = readonly (number | string)[];

/** Whether the first rank goes before the second. */
export function goesBefore(a: Rank, b: Rank): boolean {
  for (const [index, value] of a.entries()) {
    const other = b[index];
    if (other !== undefined && value !== other) return value < other;
  }
  return false;
}
