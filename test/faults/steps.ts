import fc from 'fast-check';
import { AGENTS, SKILLS } from './fault-run.ts';

/** One action of a run. It is plain data, so that a run can be stored and repeated. */
export type Step = {
  /** How long the next step waits, in ms. No step waits for the result of another. */
  readonly pause: number;
} & (
  | {
      readonly do: 'visitor-comes';
      readonly skill: (typeof SKILLS)[number];
      readonly node: number;
    }
  | { readonly do: VisitorAction; readonly who: number; readonly node: number }
  | { readonly do: AgentAction; readonly who: number; readonly node: number }
  | { readonly do: NodeFault; readonly node: number }
  /** The process is stopped for `duration` ms, with all its sockets open. */
  | { readonly do: 'node-freezes'; readonly node: number; readonly duration: number }
  | { readonly do: 'database-stops' | 'database-crashes' | 'database-returns' }
  | { readonly do: 'time-passes' }
);

export const VISITOR_ACTIONS = [
  'visitor-loses-socket',
  'visitor-leaves',
  'visitor-returns',
  'visitor-reloads',
  'visitor-asks-again',
  'visitor-hangs-up',
  'visitor-writes',
  'visitor-delays-entering',
] as const;
export const AGENT_ACTIONS = [
  'agent-is-available',
  'agent-takes-a-break',
  'agent-accepts',
  'agent-accepts-and-leaves',
  'agent-declines',
  'agent-ends-call',
  'agent-finishes-wrap-up',
  'agent-writes',
  'agent-toggles-entering',
  'agent-acts-in-former-calls',
  'agent-loses-socket',
  'agent-leaves',
  'agent-returns',
  'agent-reloads',
] as const;
export const NODE_FAULTS = ['node-is-killed', 'node-is-told-to-stop', 'node-starts'] as const;

export type VisitorAction = (typeof VISITOR_ACTIONS)[number];
export type AgentAction = (typeof AGENT_ACTIONS)[number];
export type NodeFault = (typeof NODE_FAULTS)[number];
export type StepName = Step['do'];

/** How often each step is chosen, relative to the others. */
const WEIGHTS: Readonly<Record<StepName, number>> = {
  'visitor-comes': 10,
  'visitor-loses-socket': 3,
  'visitor-leaves': 2,
  'visitor-returns': 3,
  'visitor-reloads': 2,
  'visitor-asks-again': 1,
  'visitor-hangs-up': 2,
  'visitor-writes': 6,
  'visitor-delays-entering': 1,
  'agent-is-available': 6,
  'agent-takes-a-break': 1,
  'agent-accepts': 16,
  'agent-accepts-and-leaves': 4,
  'agent-declines': 2,
  'agent-ends-call': 4,
  'agent-finishes-wrap-up': 3,
  'agent-writes': 6,
  'agent-toggles-entering': 2,
  'agent-acts-in-former-calls': 2,
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

/** A frozen node is hardly noticed; noticed by clients; declared dead; and back long after that. In ms. */
const FREEZE_DURATIONS_MS = [500, 7_000, 14_000, 30_000];

export interface StepLimits {
  /** The longest pause and freeze, at least 500; in ms. */
  readonly longestPause: number;
}

const pause = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 400 }) },
);
const node = fc.nat(2);
/** 0 is the newest visitor. Older ones have probably left. */
const anyVisitor = fc.nat(4);
const anyAgent = fc.nat(AGENTS - 1);

/** Any step, chosen by weight. */
export function anyStep({ longestPause }: StepLimits): fc.Arbitrary<Step> {
  const weighted = (name: StepName, rest: Record<string, fc.Arbitrary<unknown>>) => ({
    weight: WEIGHTS[name],
    arbitrary: fc.record({ do: fc.constant(name), pause, ...rest }) as fc.Arbitrary<Step>,
  });
  return fc.oneof(
    weighted('visitor-comes', { skill: fc.constantFrom(...SKILLS), node }),
    ...VISITOR_ACTIONS.map((name) => weighted(name, { who: anyVisitor, node })),
    ...AGENT_ACTIONS.map((name) => weighted(name, { who: anyAgent, node })),
    ...NODE_FAULTS.map((name) => weighted(name, { node })),
    weighted('node-freezes', {
      node,
      duration: fc.constantFrom(...FREEZE_DURATIONS_MS.filter((ms) => ms <= longestPause)),
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
