import type { Flow } from '../../protocol/flow.ts';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';

/** What is open at a time. */
export interface OpenParts {
  readonly hours: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/**
 * The open groups whose queues a call can reach, over all answers that its visitor may give. A step of opening hours has
 * only the exit that is valid now. A call stays in the queue of an open group; a closed one is left by the exit `nobody`.
 */
export function reachableGroups(flow: Flow, open: OpenParts): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const left = [flow.start];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    const step = stepOf(flow, id);
    if (!step || seen.has(id)) continue;
    seen.add(id);
    let exits = exitsOf(step);
    if (step.type === 'hours') exits = [open.hours.has(step.hours) ? 'open' : 'closed'];
    if (step.type === 'queue') {
      if (open.groups.has(step.group)) found.add(step.group);
      exits = open.groups.has(step.group) ? [] : ['nobody'];
    }
    for (const exit of exits) {
      const next = nextOf(step, exit);
      if (next !== undefined) left.push(next);
    }
  }
  return found;
}
