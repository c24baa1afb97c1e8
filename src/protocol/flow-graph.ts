/**
 * How the steps of a flow hang together. Without schemas, so that the console can load it.
 */
import type { Flow, FlowStep, StepType } from './flow.ts';

/** The step with this id. Ids like `constructor` name no step unless the flow has one. */
export function stepOf(flow: Flow, id: string): FlowStep | undefined {
  return Object.hasOwn(flow.nodes, id) ? flow.nodes[id] : undefined;
}

/** The step to which an exit leads. */
export function nextOf({ next }: FlowStep, exit: string): string | undefined {
  return next && Object.hasOwn(next, exit) ? next[exit] : undefined;
}

/** The exits that a step has. */
export function exitsOf(step: FlowStep): readonly string[] {
  switch (step.type) {
    case 'start':
    case 'set':
    case 'message':
      return ['next'];
    case 'menu':
      return step.options.map(({ id }) => id);
    case 'hours':
      return ['open', 'closed'];
    case 'condition':
      return [...step.cases.map(({ id }) => id), 'else'];
    case 'form':
    case 'leave-message':
      return ['done', 'skipped'];
    case 'request':
      return ['ok', 'error', 'timeout'];
    case 'queue':
      return ['full', 'nobody', 'timeout'];
    case 'callback':
      return ['done', 'refused'];
    case 'end':
      return [];
  }
}

const WAITING: ReadonlySet<StepType> = new Set([
  'menu',
  'message',
  'form',
  'callback',
  'leave-message',
]);

/** Whether the step waits for the visitor. */
export const waitsForVisitor = ({ type }: FlowStep): boolean => WAITING.has(type);
