import fc from 'fast-check';
import { AGENTS, SKILLS } from './fault-run.ts';

/** What may be done in a run. Plain data, so that a run can be written down and played again. */
export type Step = {
  /** What passes before the next step, in ms. Nothing waits for a step to be answered. */
  readonly pause: number;
} & (
  | {
      readonly do: 'visitor-comes';
      readonly skill: (typeof SKILLS)[number];
      readonly door: number;
    }
  | { readonly do: VisitorDeed; readonly who: number; readonly door: number }
  | { readonly do: AgentDeed; readonly who: number; readonly door: number }
  | { readonly do: NodeDeed; readonly node: number }
  /** Stands still with all its sockets open, for so many ms. */
  | { readonly do: 'node-freezes'; readonly node: number; readonly span: number }
  | { readonly do: 'database-stops' | 'database-crashes' | 'database-returns' }
  | { readonly do: 'time-passes' }
);

export const VISITOR_DEEDS = [
  'visitor-loses-socket',
  'visitor-leaves',
  'visitor-returns',
  'visitor-reloads',
  'visitor-asks-again',
  'visitor-hangs-up',
  'visitor-writes',
  'visitor-dawdles',
] as const;
export const AGENT_DEEDS = [
  'agent-is-available',
  'agent-takes-a-break',
  'agent-accepts',
  'agent-walks-off',
  'agent-declines',
  'agent-ends-call',
  'agent-finishes-wrap-up',
  'agent-writes',
  'agent-dawdles',
  'agent-haunts',
  'agent-loses-socket',
  'agent-leaves',
  'agent-returns',
  'agent-reloads',
] as const;
export const NODE_DEEDS = ['node-is-killed', 'node-is-told-to-stop', 'node-starts'] as const;

export type VisitorDeed = (typeof VISITOR_DEEDS)[number];
export type AgentDeed = (typeof AGENT_DEEDS)[number];
export type NodeDeed = (typeof NODE_DEEDS)[number];
export type Deed = Step['do'];

/** How often each comes up, beside the others. */
const WEIGHTS: Readonly<Record<Deed, number>> = {
  'visitor-comes': 10,
  'visitor-loses-socket': 3,
  'visitor-leaves': 2,
  'visitor-returns': 3,
  'visitor-reloads': 2,
  'visitor-asks-again': 1,
  'visitor-hangs-up': 2,
  'visitor-writes': 6,
  'visitor-dawdles': 1,
  'agent-is-available': 6,
  'agent-takes-a-break': 1,
  'agent-accepts': 16,
  'agent-walks-off': 4,
  'agent-declines': 2,
  'agent-ends-call': 4,
  'agent-finishes-wrap-up': 3,
  'agent-writes': 6,
  'agent-dawdles': 2,
  'agent-haunts': 2,
  'agent-loses-socket': 3,
  'agent-leaves': 2,
  'agent-returns': 3,
  'agent-reloads': 2,
  'node-is-killed': 2,
  'node-is-told-to-stop': 1,
  'node-freezes': 1,
  'node-starts': 4,
  'database-stops': 1,
  'database-crashes': 1,
  'database-returns': 4,
  'time-passes': 2,
};

/** Hardly noticed; noticed by clients; declared dead by the other nodes; and long after that. In ms. */
const FROZEN_FOR = [500, 7_000, 14_000, 30_000];

export interface StepLimits {
  /** The longest that anything is just waited for, 500 at least; in ms. */
  readonly longestPause: number;
}

const pause = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) },
);
const door = fc.nat(2);
/** The newest visitors are the ones who are still there. */
const anyVisitor = fc.nat(4);
const anyAgent = fc.nat(AGENTS - 1);

/** Every step there is, with its weight. */
export function anyStep({ longestPause }: StepLimits): fc.Arbitrary<Step> {
  const weighted = (name: Deed, rest: Record<string, fc.Arbitrary<unknown>>) => ({
    weight: WEIGHTS[name],
    arbitrary: fc.record({ do: fc.constant(name), pause, ...rest }) as fc.Arbitrary<Step>,
  });
  return fc.oneof(
    weighted('visitor-comes', { skill: fc.constantFrom(...SKILLS), door }),
    ...VISITOR_DEEDS.map((name) => weighted(name, { who: anyVisitor, door })),
    ...AGENT_DEEDS.map((name) => weighted(name, { who: anyAgent, door })),
    ...NODE_DEEDS.map((name) => weighted(name, { node: door })),
    weighted('node-freezes', {
      node: door,
      span: fc.constantFrom(...FROZEN_FOR.filter((span) => span <= longestPause)),
    }),
    weighted('database-stops', {}),
    weighted('database-crashes', {}),
    weighted('database-returns', {}),
    weighted('time-passes', {
      pause: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: 500, max: Math.min(3_000, longestPause) }) },
        { weight: 1, arbitrary: fc.integer({ min: 500, max: longestPause }) },
      ),
    }),
  );
}
