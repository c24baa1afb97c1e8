import fc from 'fast-check';
import type { MatchInput } from '../../../src/server/matching/match.ts';
import type { RoutingRules } from '../../../src/server/matching/rules.ts';

export const NOW = 10_000_000;
const GROUPS = ['a', 'b', 'c'];
const AGENTS = ['agent-1', 'agent-2', 'agent-3', 'agent-4', 'agent-5', 'agent-6'];

const group = fc.constantFrom(...GROUPS);
const agentId = fc.constantFrom(...AGENTS);
const level = fc.integer({ min: 1, max: 5 });
/** Few values, so that ties are common. */
const ago = fc.constantFrom(0, 5_000, 9_999, 10_000, 30_000, 59_999, 60_000, 120_000);
const seconds = fc.constantFrom(0, 5, 10, 30, 60, 120);

const memberships = fc.uniqueArray(
  fc
    .record({ groupId: group, level })
    .map((one) => ({ ...one, groupName: one.groupId.toUpperCase() })),
  {
    minLength: 1,
    maxLength: 3,
    selector: ({ groupId }) => groupId,
  },
);

const refusal = fc.record({
  agentId,
  at: ago.map((ms) => NOW - ms),
  kind: fc.constantFrom('declined' as const, 'missed' as const, 'withdrawn' as const),
});

const call = fc.record({
  id: fc.integer({ min: 100, max: 999 }).map((number) => `call-${number}`),
  epoch: fc.nat(5),
  groupId: group,
  rulesVersion: fc.integer({ min: 1, max: 9 }),
  priority: fc.integer({ min: 3, max: 6 }),
  requestedAt: ago.map((ms) => NOW - ms),
  visitorLastAgent: fc.option(agentId),
  refusals: fc.array(refusal, { maxLength: 4 }),
});

const ring = fc.record(
  { afterSeconds: seconds, groups: fc.uniqueArray(group, { maxLength: 2 }), maxLevel: level },
  { requiredKeys: ['afterSeconds'] },
);

const rules: fc.Arbitrary<RoutingRules> = fc.record(
  {
    priorityGrowth: fc.record({
      everySeconds: fc.constantFrom(5, 10, 60),
      upTo: fc.integer({ min: 1, max: 9 }),
    }),
    preferLast: fc.record({ seconds }),
    rings: fc.array(ring, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);

/** Six agents at most, each free or busy, and calls of three groups with rules of all kinds. */
export const anySite: fc.Arbitrary<Required<MatchInput>> = fc
  .record({
    calls: fc.uniqueArray(call, { maxLength: 8, selector: ({ id }) => id }),
    people: fc.uniqueArray(
      fc.record({
        id: agentId,
        idleSince: ago.map((ms) => NOW - ms),
        memberships,
        free: fc.boolean(),
      }),
      { maxLength: AGENTS.length, selector: ({ id }) => id },
    ),
    rulesByGroup: fc.uniqueArray(fc.tuple(group, rules), { selector: ([id]) => id }),
  })
  .map(({ calls, people, rulesByGroup }) => ({
    calls,
    agents: people.filter(({ free }) => free).map(({ free: _, ...agent }) => agent),
    busyAgents: people
      .filter(({ free }) => !free)
      .map(({ id, memberships }) => ({ id, memberships })),
    rules: new Map(rulesByGroup),
    now: NOW,
  }));
