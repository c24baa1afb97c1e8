import type { Membership } from './free-agent.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

const ALL_LEVELS = 5;

/** A ring that has begun for a call. */
export interface OpenRing {
  readonly number: number;
  /** The call's own group first, then the further groups in the order of the rules. */
  readonly groups: readonly string[];
  readonly maxLevel: number;
}

/** By which ring, and through which group, an agent may take a call. */
export interface Admission {
  readonly ring: number;
  readonly membership: Membership;
}

/** The rings that have begun for a call, in the order of their times. */
export function openRings(
  { groupId, requestedAt }: WaitingCall,
  { rings = [] }: RoutingRules,
  now: number,
): OpenRing[] {
  const all = rings.toSorted((a, b) => a.afterSeconds - b.afterSeconds);
  if (all[0]?.afterSeconds !== 0) all.unshift({ afterSeconds: 0 });
  return all
    .filter(({ afterSeconds }) => afterSeconds === 0 || now - requestedAt >= afterSeconds * 1_000)
    .map(({ groups = [], maxLevel = ALL_LEVELS }, number) => ({
      number,
      groups: [groupId, ...groups],
      maxLevel,
    }));
}

/** The first ring that has a place for an agent with these memberships; null if there is none. */
export function admit(
  memberships: readonly Membership[],
  rings: readonly OpenRing[],
): Admission | null {
  for (const { number, groups, maxLevel } of rings) {
    for (const group of groups) {
      const membership = memberships.find(({ groupId }) => groupId === group);
      if (membership && membership.level <= maxLevel) return { ring: number, membership };
    }
  }
  return null;
}
