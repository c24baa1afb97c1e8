/** Calls and agents in few words, for examples of routing. */
import type { FreeAgent } from '../../../src/server/matching/free-agent.ts';
import { match, type Match, type MatchInput } from '../../../src/server/matching/match.ts';
import type { Refusal } from '../../../src/server/matching/refusals.ts';
import type { RoutingRules } from '../../../src/server/matching/rules.ts';
import type { WaitingCall } from '../../../src/server/matching/waiting-call.ts';

const NOW = 10_000_000;
const SECOND = 1_000;

/** A call of the group `sales` that was requested now. */
export const call = (id: string, fields: Partial<WaitingCall> = {}): WaitingCall => ({
  id,
  epoch: 0,
  groupId: 'sales',
  rulesVersion: 1,
  priority: 5,
  requestedAt: NOW,
  visitorLastAgent: null,
  refusals: [],
  ...fields,
});

/** A call that has waited for so many seconds. */
export const waited = (
  id: string,
  seconds: number,
  fields: Partial<WaitingCall> = {},
): WaitingCall => call(id, { requestedAt: NOW - seconds * SECOND, ...fields });

/** A free agent of the group `sales` with level 1, or of the groups with the levels given. */
export const agent = (
  id: string,
  { idle = 0, levels = { sales: 1 } as Record<string, number> } = {},
): FreeAgent => ({
  id,
  idleSince: NOW - idle * SECOND,
  memberships: Object.entries(levels).map(([groupId, level]) => ({
    groupId,
    groupName: `The ${groupId} team`,
    level,
  })),
});

export const refused = (agentId: string, kind: Refusal['kind'], secondsAgo: number): Refusal => ({
  agentId,
  kind,
  at: NOW - secondsAgo * SECOND,
});

interface Situation extends Partial<Omit<MatchInput, 'rules'>> {
  /** The rules of the group `sales`. */
  readonly rules?: RoutingRules;
}

export const run = ({ calls = [], agents = [], rules = {}, ...rest }: Situation) =>
  match({ calls, agents, rules: new Map([['sales', rules]]), now: NOW, ...rest });

/** `call→agent` of each match, in the order of the calls. */
export const pairs = (situation: Situation): string[] =>
  run(situation).map(({ call, agent }) => `${call.id}→${agent.id}`);

/** The reason of the only match. */
export const reason = (situation: Situation): Match['reason'] => {
  const [only, ...others] = run(situation);
  if (!only || others.length > 0) throw new Error('This situation has not one match.');
  return only.reason;
};
